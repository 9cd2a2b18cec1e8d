import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  oneLine
} from "./chunk-QN74KDTT.js";
import {
  driftOf,
  fieldsOf,
  markOf,
  nameOf
} from "./chunk-EWYL4BUR.js";
import {
  isSame
} from "./chunk-EF33RX3V.js";
import "./chunk-4BX7PXMJ.js";
import "./chunk-5THGRWDT.js";
import {
  plural
} from "./chunk-Z5B43JE3.js";
import "./chunk-WZWFXZVQ.js";
import "./chunk-2L2WQICQ.js";
import "./chunk-NWJBTXTJ.js";
import "./chunk-EF5IBACH.js";
import "./chunk-KN3M32LU.js";
import "./chunk-IKDWQ62H.js";
import "./chunk-PSUK6IL3.js";
import "./chunk-FY5CRBSW.js";
import "./chunk-U563K2LX.js";
import "./chunk-FAP3I5KO.js";
import "./chunk-IQCQLPDV.js";
import "./chunk-WSLDK5XW.js";
import "./chunk-WOT4JK3B.js";
import "./chunk-NMZX4AIR.js";
import "./chunk-BQTZTREF.js";
import "./chunk-6L4Y5YC2.js";
import "./chunk-FYFTS2JL.js";
import "./chunk-7SZXV43M.js";
import "./chunk-GDNANFYT.js";
import "./chunk-GIRTM4PW.js";
import "./chunk-K3BCUTJR.js";
import "./chunk-FQX564X7.js";
import "./chunk-R3GKPU3X.js";
import "./chunk-IQA7OYSC.js";
import "./chunk-IIMGXTQ4.js";
import "./chunk-C36BAQN3.js";
import "./chunk-KU2VIPS7.js";
import "./chunk-4IXO52BR.js";
import "./chunk-7K5WTWOY.js";
import "./chunk-5ODDAH7M.js";
import "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";

// src/commands/diff/markdown.ts
var code = (text) => {
  const clean = oneLine(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll("|", "&#124;");
  return clean === "" ? "" : `<code>${clean}</code>`;
};
function table(header, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}
var pairs = (title, found) => found.length === 0 ? [] : [
  `### ${title}`,
  table(
    ["Field", "Old", "New"],
    found.map(({ field, claimed, computed }) => [code(field), code(claimed), code(computed)])
  )
];
var packages = ({ packages: changes }) => changes.length === 0 ? [] : [
  "### Inputs",
  table(
    ["In", "Input", "Old", "New"],
    changes.map(
      ({ set, name, before = "", after = "" }) => [set, name, before, after].map(code)
    )
  )
];
function drift({ cause, reason, paths }) {
  const rows = paths.map((path) => [
    markOf(path),
    code(nameOf(path)),
    code(fieldsOf(path)),
    code(path.detail)
  ]);
  return [
    `<details${cause === "unexplained" ? " open" : ""}><summary>${plural(paths.length, "path")}: ${cause}. ${reason}</summary>`,
    table(["", "Path", "Fields", "Because of"], rows),
    "</details>"
  ];
}
function diffMarkdown(report) {
  const { one, other, digests, recipe, config, missing } = report;
  const parts = [
    `## ${code(one)} \u2192 ${code(other)}`,
    ...isSame(report) ? [`Identical: ${report.compared.join(", ")}.`] : [],
    ...packages(report),
    ...driftOf(report).flatMap(drift),
    ...pairs("Config", config),
    ...pairs("Recipe", recipe),
    ...pairs("Digests", digests),
    ...missing.map((line) => `Not compared: ${oneLine(line)}.`)
  ];
  return `${parts.join("\n\n")}
`;
}
export {
  diffMarkdown
};
//# sourceMappingURL=markdown-TQEJP7YF.js.map
