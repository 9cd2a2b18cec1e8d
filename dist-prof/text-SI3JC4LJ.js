import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  table
} from "./chunk-KYNFMTBK.js";
import {
  oneLine,
  wrap
} from "./chunk-QN74KDTT.js";
import {
  driftOf,
  fieldsOf,
  folded,
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

// src/commands/diff/text.ts
function pairs(title, found, { palette }) {
  if (found.length === 0) return [];
  const lines = found.flatMap(({ field, claimed, computed, cause }) => [
    `  ${oneLine(field)}${cause === void 0 ? "" : palette.dim(` (${cause})`)}`,
    `    ${palette.red("-")} ${oneLine(claimed)}`,
    `    ${palette.green("+")} ${oneLine(computed)}`
  ]);
  return [palette.bold(title), ...lines, ""];
}
function packages({ packages: changes }, layout) {
  if (changes.length === 0) return [];
  const rows = changes.map(({ set, name, before = "-", after = "-" }) => [
    set,
    name,
    before,
    after
  ]);
  const title = layout.palette.bold(plural(changes.length, "changed input"));
  return [title, table(["IN", "INPUT", "OLD", "NEW"], rows, layout)];
}
var mostExplained = 10;
function pathLine({ path, beneath }, { palette }) {
  const fields = beneath > 0 ? `and ${plural(beneath, "path")} beneath it` : fieldsOf(path);
  const detail = path.detail === "" ? "" : palette.dim(` (${oneLine(path.detail)})`);
  const mark = markOf(path);
  const colour = { "+": palette.green, "-": palette.red }[mark] ?? palette.yellow;
  return `  ${colour(mark)} ${nameOf(path)}${fields === "" ? "" : ` ${fields}`}${detail}`;
}
function drift({ cause, reason, paths }, layout) {
  const { palette, columns } = layout;
  const isOpen = cause === "unexplained";
  const title = `${plural(paths.length, "path")}: ${cause}`;
  const all = folded(paths);
  const shown = isOpen ? all : all.slice(0, mostExplained);
  const more = all.length - shown.length;
  return [
    isOpen ? palette.red(title) : palette.bold(title),
    ...wrap(reason, columns - 2).map((line) => palette.dim(`  ${line}`)),
    ...shown.map((path) => pathLine(path, layout)),
    ...more > 0 ? [palette.dim(`  and ${plural(more, "more path")}; --json lists all`)] : [],
    ""
  ];
}
function diffText(report, layout) {
  const { one, other, digests, recipe, config, missing } = report;
  const { palette } = layout;
  const heading = `${palette.red("-")} ${oneLine(one)}
${palette.green("+")} ${oneLine(other)}`;
  const open = missing.map((line) => palette.yellow(`not compared: ${oneLine(line)}`));
  const compared = report.compared.join(", ");
  const same = isSame(report) ? [palette.green(`Identical: ${compared}.`)] : [];
  const lines = [
    heading,
    "",
    ...pairs("Digests", digests, layout),
    ...pairs("Recipe", recipe, layout),
    ...packages(report, layout),
    ...driftOf(report).flatMap((each) => drift(each, layout)),
    ...pairs("Config", config, layout),
    ...open,
    ...same
  ];
  return `${lines.join("\n").trimEnd()}
`;
}
export {
  diffText
};
//# sourceMappingURL=text-SI3JC4LJ.js.map
