// Copy buttons, for browsers that can: without this file the page shows the same values, to be selected by hand.
"use strict";

const SHOWN_FOR = 2000; // milliseconds

function copy(button) {
  const said = button.querySelector(".said");
  navigator.clipboard.writeText(button.dataset.copy).then(() => {
    const label = said.dataset.label ?? said.textContent;
    said.dataset.label = label;
    said.textContent = document.body.dataset.copied;
    button.classList.add("done");
    announce(`${document.body.dataset.copied}: ${button.dataset.copy}`);
    clearTimeout(button.timer);
    button.timer = setTimeout(() => {
      said.textContent = label;
      button.classList.remove("done");
    }, SHOWN_FOR);
  }, () => select(button.parentElement.querySelector("code")));
}

// Where a browser does not let us copy, the value is at least selected.
function select(element) {
  getSelection().selectAllChildren(element);
}

function announce(text) {
  document.getElementById("announcement").textContent = text;
}

if (navigator.clipboard) {
  for (const button of document.querySelectorAll("button.copy")) {
    button.hidden = false;
    button.addEventListener("click", () => copy(button));
  }
}
