// Keyboard on lists: j and k walk the rows, Enter opens (it is a link), t takes, s puts aside, / looks for an answer,
// Ctrl+K finds anything. Pages work without this file.
// Keys are told by their place, so that they are the same keys while the keyboard types Russian.
"use strict";
(() => {
  const typing = (node) => node.closest("input, textarea, select, [contenteditable]") !== null;
  const rows = () => [...document.querySelectorAll(".threads .who")];
  const walk = (by) => {
    const links = rows();
    if (!links.length) return;
    const here = links.indexOf(document.activeElement);
    links[Math.min(Math.max(here + by, 0), links.length - 1)].focus();
  };
  const submit = (form) => form?.requestSubmit(form.querySelector("button.main"));
  const aside = (form) => {
    if (!form) return;
    form.closest("details").open = true;
    form.querySelector("select").focus();
  };
  const finder = document.querySelector(".finder");
  const find = async () => {
    try {
      await (await import(finder.dataset.script)).open(finder.href);
    } catch {
      window.location.assign(finder.href);
    }
  };
  const library = () => {
    const part = document.querySelector(".from-library");
    if (!part) return false;
    (part.closest("details") ?? part).open = true;
    part.querySelector("input, textarea")?.focus();
    return true;
  };
  finder?.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    find();
  });
  document.addEventListener("keydown", (event) => {
    if (finder && (event.ctrlKey || event.metaKey) && event.code === "KeyK") {
      event.preventDefault();
      find();
      return;
    }
    if (event.ctrlKey && event.key === "Enter" && event.target.matches("textarea")) {
      submit(event.target.form);
      return;
    }
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || typing(event.target)) return;
    if (event.code === "KeyJ") walk(1);
    else if (event.code === "KeyK") walk(-1);
    else if (event.code === "KeyT") submit(document.querySelector("[data-key=take]"));
    else if (event.code === "Slash" || event.key === "/") {
      event.preventDefault();
      if (!library() && finder) find();
    } else if (event.code === "KeyS") aside(document.querySelector("[data-key=snooze]"));
  });
})();
