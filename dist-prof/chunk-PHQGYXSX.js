import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);

// src/evidence/provenance/statement.ts
var statementType = "https://in-toto.io/Statement/v1";
var statementMediaType = "application/vnd.in-toto+json";
var statementOf = (subject, predicateType, predicate) => ({ _type: statementType, subject, predicateType, predicate });
var provenanceType = "https://slsa.dev/provenance/v1";

// src/evidence/sums.ts
var byName = (a, b) => a.name < b.name ? -1 : 1;
var sumsText = (sums) => [...sums].sort(byName).map(({ name, sha256 }) => `${sha256}  ${name}
`).join("");
var line = /^([0-9a-f]{64}) {2}([A-Za-z0-9][A-Za-z0-9._+-]*(?:\/[A-Za-z0-9][A-Za-z0-9._+-]*)*)$/;
function parseSums(text) {
  const sums = [];
  const bad = [];
  const lines = text.split("\n");
  if (lines.pop() !== "") bad.push(lines.length + 1);
  for (const [at, each] of lines.entries()) {
    const [, sha256, name] = line.exec(each) ?? [];
    const last = sums.at(-1);
    if (sha256 === void 0 || name === void 0) bad.push(at + 1);
    else if (last !== void 0 && last.name >= name) bad.push(at + 1);
    else sums.push({ name, sha256 });
  }
  return { sums, bad };
}

export {
  statementType,
  statementMediaType,
  statementOf,
  provenanceType,
  sumsText,
  parseSums
};
//# sourceMappingURL=chunk-PHQGYXSX.js.map
