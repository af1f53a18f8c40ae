// Marks in the contents of a long text the section that is being read. Without this file the
// contents are a plain list of links.
export function followReader() {
  for (const contents of document.querySelectorAll("[data-contents]")) {
    const links = new Map();
    for (const link of contents.querySelectorAll('a[href^="#"]')) {
      const heading = document.getElementById(link.hash.slice(1));
      if (heading) links.set(heading, link);
    }
    const mark = () => {
      // The last heading above the upper third of the window begins the section being read.
      let current = null;
      for (const [heading, link] of links) {
        if (heading.getBoundingClientRect().top < window.innerHeight / 3) current = link;
      }
      for (const link of links.values()) {
        if (link === current) {
          if (link.getAttribute("aria-current") !== "true") {
            link.setAttribute("aria-current", "true");
            keepInView(contents, link);
          }
        } else {
          link.removeAttribute("aria-current");
        }
      }
    };
    let waiting = false;
    const later = () => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        mark();
      });
    };
    addEventListener("scroll", later, { passive: true });
    addEventListener("resize", later, { passive: true });
    mark();
  }
}

// The contents scroll by themselves where they are taller than the window.
function keepInView(contents, link) {
  const frame = contents.getBoundingClientRect();
  const box = link.getBoundingClientRect();
  if (box.top < frame.top) contents.scrollTop -= frame.top - box.top;
  if (box.bottom > frame.bottom) contents.scrollTop += box.bottom - frame.bottom;
}
