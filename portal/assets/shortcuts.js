// Keys for the list of tasks, for those who want them: off until somebody turns them on, because
// single letters disturb speech input. The choice is kept in this browser. Without this file the
// list works the same, by Tab, Space and Enter.

const KEPT = "accord-shortcuts";
const KEYS = [
  ["j", "Go to the next task"],
  ["k", "Go to the task before"],
  ["Enter", "Open the task"],
  ["x", "Select the task, or take it out of the selection"],
  ["?", "Show this list"],
];

// Browsers may refuse to keep anything: then the choice lasts as long as the page.
function recall() {
  try {
    return localStorage.getItem(KEPT) === "on";
  } catch {
    return false;
  }
}

function keep(isOn) {
  try {
    localStorage.setItem(KEPT, isOn ? "on" : "off");
  } catch {
    // Nothing to do.
  }
}

function make(name, className, text) {
  const element = document.createElement(name);
  element.className = className;
  element.textContent = text;
  return element;
}

function makeHelp() {
  const help = make("dialog", "accord-shortcuts", "");
  const title = make("h2", "govuk-heading-m", "Keyboard shortcuts");
  title.id = "shortcuts-title";
  help.setAttribute("aria-labelledby", title.id);
  const keys = make("dl", "govuk-summary-list", "");
  for (const [key, meaning] of KEYS) {
    const row = make("div", "govuk-summary-list__row", "");
    const term = make("dt", "govuk-summary-list__key", "");
    term.append(make("kbd", "accord-key", key));
    row.append(term, make("dd", "govuk-summary-list__value", meaning));
    keys.append(row);
  }
  const form = make("form", "", "");
  form.method = "dialog";
  form.append(make("button", "govuk-button govuk-!-margin-bottom-0", "Close"));
  help.append(title, keys, form);
  return help;
}

export function offerShortcuts() {
  const list = document.querySelector("[data-tasks]");
  if (!list) {
    return;
  }
  const rows = [...list.children];
  const help = makeHelp();
  const bar = make("p", "govuk-body accord-shortcuts-bar", "");
  const turn = make("button", "accord-plain-button", "");
  const show = make("button", "accord-plain-button", "What they are");
  turn.type = show.type = "button";
  bar.append(turn, " ", show);
  list.before(bar);
  document.body.append(help);
  let isOn = recall();

  function tell() {
    turn.textContent = isOn ? "Turn keyboard shortcuts off" : "Turn keyboard shortcuts on";
  }

  turn.addEventListener("click", () => {
    isOn = !isOn;
    keep(isOn);
    tell();
  });
  show.addEventListener("click", () => help.showModal());
  tell();

  const link = (row) => row.querySelector(".accord-list__line a[href]") ?? row.querySelector("a[href], input");

  function go(step) {
    const here = rows.indexOf(document.activeElement?.closest("[data-tasks] > li"));
    const next = here < 0 ? (step > 0 ? 0 : rows.length - 1) : here + step;
    link(rows[Math.min(Math.max(next, 0), rows.length - 1)])?.focus();
  }

  function tick() {
    const row = document.activeElement?.closest("[data-tasks] > li");
    row?.querySelector("input[type=checkbox]")?.click();
  }

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("textarea, select, input:not([type=checkbox]), dialog");
    if (!isOn || typing || event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    const deed = { j: () => go(1), k: () => go(-1), x: tick, "?": () => help.showModal() }[event.key];
    if (deed) {
      event.preventDefault();
      deed();
    }
  });
}
