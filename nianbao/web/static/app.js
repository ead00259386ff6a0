// A figure is chosen: mark its cell here too, and bring the archived page into view where it is not beside the form.
// On a narrow screen the archived page lies over the foot of the form, and can be folded away.
"use strict";
const fold = document.querySelector(".fold");
function folded(is) {
  fold.closest(".source").classList.toggle("folded", is);
  fold.setAttribute("aria-expanded", String(!is));
}
if (fold) {
  fold.hidden = false;
  fold.addEventListener("click", () => folded(fold.getAttribute("aria-expanded") === "true"));
}
document.addEventListener("click", (event) => {
  const link = event.target.closest('a[target="source"]');
  if (!link) return;
  for (const shown of document.querySelectorAll(".shown")) shown.classList.remove("shown");
  link.closest("td")?.classList.add("shown");
  if (fold) folded(false);
  const pane = document.getElementById("source-pane");
  const box = pane.getBoundingClientRect();
  if (box.bottom < 120 || box.top > window.innerHeight - 120) pane.scrollIntoView({ block: "start" });
});
