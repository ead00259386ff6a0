// Draws every <figure data-chart> from the JSON inside it. Without script the table beside it says the same.
"use strict";
(() => {
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const drawn = [];

  const options = (spec) => {
    const ink = css("--ink"), soft = css("--soft"), line = css("--line");
    const colours = [1, 2, 3, 4, 5, 6].map((n) => css(`--chart-${n}`));
    const axis = { axisLine: { lineStyle: { color: line } }, axisLabel: { color: soft }, axisTick: { show: false } };
    const value = (name) => ({
      type: "value", name, nameTextStyle: { color: soft, align: "left" }, axisLabel: { color: soft },
      splitLine: { lineStyle: { color: line, type: "dashed" } }, minInterval: 1,
    });
    const gaps = Object.fromEntries(spec.gaps.map((gap) => [gap.x, gap]));
    const band = css("--line-soft");
    return {
      animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
      animationDuration: 300,
      color: colours,
      textStyle: { color: ink, fontFamily: getComputedStyle(document.body).fontFamily },
      grid: { left: 8, right: 12, top: spec.breaks.length ? 76 : 56, bottom: 8, containLabel: true },
      legend: { top: 0, type: "scroll", textStyle: { color: ink }, icon: "roundRect", itemHeight: 8 },
      tooltip: { trigger: "axis", renderMode: "richText", backgroundColor: css("--card"), borderColor: line, textStyle: { color: ink } },
      xAxis: {
        type: "category", data: spec.x, ...axis,
        // A year without a report is a grey band; the sign below it says why (the words are in the table).
        axisLabel: { color: soft, lineHeight: 15, formatter: (year) => gaps[year] ? `${year}\n${gaps[year].sign}` : year },
        splitArea: { show: spec.gaps.length > 0, interval: 0, areaStyle: { color: spec.x.map((year) => gaps[year] ? band : "transparent") } },
      },
      yAxis: spec.axes ? spec.axes.map((name, n) => ({ ...value(name), ...(n ? { splitLine: { show: false } } : {}), nameTextStyle: { color: soft, align: n ? "right" : "left" } })) : value(""),
      series: spec.series.map((one, n) => series(one, n, spec, colours)),
    };
  };

  const series = (one, number, spec, colours) => {
    const bad = css("--bad"), doubt = css("--doubt"), soft = css("--soft");
    const marks = (years, symbol, colour, size) => years
      .map((year) => ({ year, value: one.data[spec.x.indexOf(year)] }))
      .filter((mark) => mark.value !== null && mark.value !== undefined)
      .map((mark) => ({ coord: [mark.year, mark.value], symbol, symbolSize: size, itemStyle: { color: "transparent", borderColor: colour, borderWidth: 2.5 }, label: { show: false } }));
    return {
      name: one.name,
      type: one.kind === "bar" ? "bar" : "line",
      yAxisIndex: one.axis || 0,
      data: one.data,
      barMaxWidth: 34,
      itemStyle: one.kind === "bar" ? { borderRadius: [4, 4, 0, 0], color: colours[0] } : { color: colours[number % 6] },
      symbol: "circle", symbolSize: 7, lineStyle: { width: 2.5 }, connectNulls: false,
      markPoint: { silent: true, data: [...marks(one.doubtful || [], "circle", doubt, 15), ...marks(one.failed || [], "diamond", bad, 21)] },
      markLine: number ? undefined : {
        silent: true, symbol: "none", lineStyle: { color: soft, type: "dotted", width: 1.5 },
        label: { formatter: (mark) => mark.name, color: soft, position: "end", align: "right", distance: 2, fontSize: 11, lineHeight: 14 },
        data: (spec.breaks || []).map((one, place) => ({ xAxis: one.x, name: one.label, label: { distance: 2 + 14 * (place % 2) } })),
      },
    };
  };

  const draw = () => {
    for (const figure of document.querySelectorAll("figure[data-chart]")) {
      const spec = JSON.parse(figure.querySelector('script[type="application/json"]').textContent);
      if (!spec.x.length) continue;
      const canvas = figure.querySelector(".canvas");
      canvas.hidden = false;
      figure.querySelector("details").open = false;
      const chart = echarts.init(canvas, null, { renderer: "canvas" });
      chart.setOption(options(spec));
      drawn.push([chart, spec]);
    }
  };

  const again = () => drawn.forEach(([chart, spec]) => chart.setOption(options(spec), true));
  draw();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
  new ResizeObserver(() => drawn.forEach(([chart]) => chart.resize())).observe(document.body);
})();
