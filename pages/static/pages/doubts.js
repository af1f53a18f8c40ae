// Puts each doubt of the import beside the clause it is about, with a box that ticks the same one in
// the list. Without this script the list alone is there.
(() => {
  const placed = new Set();

  const note = (rows) => {
    const box = document.createElement("div");
    box.className = "help-block help-warning accord-doubts";
    const list = document.createElement("ul");
    for (const row of rows) {
      const listed = row.querySelector("input[type=checkbox]");
      const item = document.createElement("li");
      const label = document.createElement("label");
      const own = document.createElement("input");
      const words = document.createElement("span");
      own.type = "checkbox";
      own.checked = listed.checked;
      words.textContent = ` ${row.querySelector("[data-why]").textContent}`;
      label.append(own, words);
      item.append(label);
      list.append(item);
      const mark = () => {
        own.checked = listed.checked;
        words.dataset.settled = String(listed.checked);
      };
      own.addEventListener("change", () => {
        listed.checked = own.checked;
        listed.dispatchEvent(new Event("change", { bubbles: true }));
      });
      listed.addEventListener("change", mark);
      mark();
    }
    const title = document.createElement("strong");
    title.textContent = "Doubts of the import; tick what is settled";
    box.append(title, list);
    return box;
  };

  const place = () => {
    const byClause = new Map();
    for (const row of document.querySelectorAll("[data-doubts] tr[data-clause]")) {
      const clause = row.dataset.clause;
      if (clause) byClause.set(clause, [...(byClause.get(clause) ?? []), row]);
    }
    for (const [clause, rows] of byClause) {
      const section = document.getElementById(`block-${clause}-section`);
      if (!section || placed.has(clause)) continue;
      section.before(note(rows));
      placed.add(clause);
    }
    return placed.size === byClause.size;
  };

  // Wagtail draws the clauses after the page has come.
  const follow = () => {
    if (place()) return;
    const watch = new MutationObserver(() => {
      if (place()) watch.disconnect();
    });
    watch.observe(document.body, { childList: true, subtree: true });
    window.setTimeout(() => watch.disconnect(), 20000);
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", follow);
  else follow();
})();
