// Keeps the reader's place in a long text when the page is left. Without this file a button at the
// end of each section does.
export function keepPlace() {
  const box = document.querySelector("[data-reading]");
  if (!box) return;
  const clauses = [...document.querySelectorAll('[id^="clause-"]')];
  let kept = box.dataset.readingPlace || "";
  const current = () => {
    let read = null;
    for (const clause of clauses) {
      if (clause.getBoundingClientRect().bottom < window.innerHeight) read = clause;
    }
    return read ? read.id.slice("clause-".length) : "";
  };
  const send = () => {
    const clause = window.scrollY > 0 ? current() : "";
    if (!clause || clause === kept) return;
    const said = new FormData();
    said.set("csrfmiddlewaretoken", box.querySelector('[name="csrfmiddlewaretoken"]').value);
    said.set("clause", clause);
    said.set("quietly", "1");
    if (navigator.sendBeacon(box.dataset.reading, said)) kept = clause;
  };
  addEventListener("pagehide", send);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") send();
  });
}
