// A figure is chosen: mark its cell here too, and bring the archived page into view where it is not beside the form.
"use strict";
document.addEventListener("click", (event) => {
  const link = event.target.closest('a[target="source"]');
  if (!link) return;
  for (const shown of document.querySelectorAll(".shown")) shown.classList.remove("shown");
  link.closest("td")?.classList.add("shown");
  const pane = document.getElementById("source-pane");
  const box = pane.getBoundingClientRect();
  if (box.bottom < 120 || box.top > window.innerHeight - 120) pane.scrollIntoView({ block: "start" });
});
