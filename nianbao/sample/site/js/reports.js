// The list of 年报查询 is data, not markup: without script there is not one link on the page.
fetch("./reports.json")
  .then(function (response) { return response.json(); })
  .then(function (data) {
    var list = document.getElementById("reports");
    list.innerHTML = "";
    data.rows.forEach(function (row) {
      var item = document.createElement("li"), link = document.createElement("a"), date = document.createElement("span");
      link.href = data.base + row.path;
      link.title = link.textContent = row.title;
      date.textContent = row.published;
      item.append(link, date);
      list.append(item);
    });
  });
