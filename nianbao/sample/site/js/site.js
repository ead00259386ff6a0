// Paging as TRS writes it: page 1 is index.html, page 2 is index_1.html. There is no link without script.
function createPageHTML(count, current, name, suffix) {
  function page(number, text) {
    var file = number === 0 ? name + "." + suffix : name + "_" + number + "." + suffix;
    document.write(number === current ? "<b>" + text + "</b>" : '<a href="' + file + '">' + text + "</a>");
  }
  page(0, "首页");
  for (var number = 0; number < count; number++) page(number, number + 1);
  page(count - 1, "尾页");
}
function fontSize(size) {
  document.querySelector(".gknbxq_detail, .article").style.fontSize = size + "px";
}
function share() {}
