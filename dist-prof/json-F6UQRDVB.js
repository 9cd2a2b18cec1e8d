import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  markOf,
  nameOf
} from "./chunk-EWYL4BUR.js";
import {
  isSame
} from "./chunk-EF33RX3V.js";
import "./chunk-4BX7PXMJ.js";
import "./chunk-5THGRWDT.js";
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

// src/commands/diff/json.ts
var kinds = { "+": "added", "-": "removed", "~": "changed" };
var pairs = (found) => found.map(({ field, claimed, computed }) => ({ field, old: claimed, new: computed }));
function diffJson(report) {
  const { one, other, digests, recipe, packages, paths, config, compared, missing } = report;
  return `${JSON.stringify({
    old: one,
    new: other,
    identical: isSame(report),
    digests: pairs(digests),
    recipe: pairs(recipe),
    packages: packages.map(({ set, name, before = null, after = null }) => ({
      in: set,
      name,
      old: before,
      new: after
    })),
    paths: paths.map((path) => ({
      path: nameOf(path),
      change: kinds[markOf(path)],
      cause: path.cause,
      detail: path.detail,
      fields: path.keywords.map(({ keyword, one: before = null, other: after = null }) => ({
        field: keyword,
        old: before,
        new: after
      }))
    })),
    config: config.map(({ cause, field, claimed, computed }) => ({
      field,
      cause,
      old: claimed,
      new: computed
    })),
    compared,
    notCompared: missing
  })}
`;
}
export {
  diffJson
};
//# sourceMappingURL=json-F6UQRDVB.js.map
