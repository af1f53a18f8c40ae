// What the panels of the page say, put beside the clause and the number it is about. Without this
// script the panels still say it. Reads #accord-measures and every <script class="accord-notes"> or
// #accord-notes that a panel brings: {block id: [sentences]}.
(() => {
  "use strict";

  const read = (element) => (element ? JSON.parse(element.textContent) : {});

  const noteBox = (block) => {
    let box = block.querySelector(":scope > .accord-beside");
    if (!box) {
      box = document.createElement("div");
      box.className = "accord-beside";
      block.prepend(box);
    }
    return box;
  };

  const placeNotes = (notes) => {
    document.querySelectorAll("input[type=hidden][name^='sections-'][name$='-id']").forEach((field) => {
      const sentences = notes[field.value];
      const block = field.closest("[data-streamfield-child]");
      if (!sentences || !block || block.dataset.accordNoted === field.value) {
        return;
      }
      block.dataset.accordNoted = field.value;
      const box = noteBox(block);
      sentences.forEach((sentence) => {
        const line = document.createElement("p");
        line.className = "accord-beside__line accord-beside__line--warning";
        line.textContent = sentence;
        box.append(line);
      });
    });
  };

  const sentencesFor = (measure, number) => {
    const lines = [[measure.drives, false]];
    lines.push([`May be ${measure.bounds}.${measure.inForce ? ` Now in force: ${measure.inForce}.` : ""}`, false]);
    lines.push([measure.touched, false]);
    if (number !== "") {
      const value = Number(number);
      if (!(value >= Number(measure.lower) && value <= Number(measure.upper))) {
        lines.push([`This number is outside ${measure.bounds}.`, true]);
      } else if (measure.whole && !Number.isInteger(value)) {
        lines.push([`It must be a whole number of ${measure.unit}.`, true]);
      } else if (measure.adviceAbove !== null && value > Number(measure.adviceAbove)) {
        lines.push([measure.advice, true]);
      }
    }
    return lines;
  };

  const placeNumbers = (measures) => {
    document.querySelectorAll("select[name*='-terms-'][name$='-measure']").forEach((select) => {
      const number = document.getElementsByName(select.name.replace(/-measure$/, "-value"))[0];
      if (!number) {
        return;
      }
      const state = `${select.value}|${number.value}`;
      if (select.dataset.accordState === state) {
        return;
      }
      select.dataset.accordState = state;
      let box = document.getElementById(`${select.name}-beside`);
      if (!box) {
        box = document.createElement("div");
        box.id = `${select.name}-beside`;
        box.className = "accord-beside";
        box.setAttribute("role", "status");
        number.parentElement.append(box);
        number.setAttribute("aria-describedby", `${number.getAttribute("aria-describedby") || ""} ${box.id}`.trim());
      }
      box.replaceChildren();
      const measure = measures[select.value];
      if (!measure) {
        return;
      }
      sentencesFor(measure, number.value).forEach(([sentence, isWarning]) => {
        const line = document.createElement("p");
        line.className = isWarning ? "accord-beside__line accord-beside__line--warning" : "accord-beside__line";
        line.textContent = sentence;
        box.append(line);
      });
    });
  };

  const start = () => {
    const measures = read(document.getElementById("accord-measures"));
    const notes = {};
    document.querySelectorAll("#accord-notes, script.accord-notes").forEach((element) => {
      Object.entries(read(element)).forEach(([id, sentences]) => {
        notes[id] = [...(notes[id] || []), ...sentences];
      });
    });
    let waiting = false;
    const place = () => {
      waiting = false;
      placeNotes(notes);
      placeNumbers(measures);
    };
    const soon = () => {
      if (!waiting) {
        waiting = true;
        window.requestAnimationFrame(place);
      }
    };
    const form = document.querySelector("form[data-edit-form], #page-edit-form") || document.body;
    new MutationObserver(soon).observe(form, { childList: true, subtree: true });
    form.addEventListener("input", soon);
    form.addEventListener("change", soon);
    soon();
  };

  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", start);
  } else {
    start();
  }
})();
