import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);

// src/packages/deb/index/paragraph.ts
var fieldLine = /^([!-,.-9;-~][!-9;-~]*):[ \t]*(.*)$/;
function parseParagraph(text) {
  const fields = /* @__PURE__ */ new Map();
  let name;
  for (const line of text.split("\n")) {
    if (line === "" || line.startsWith("#")) continue;
    if (line.startsWith(" ") || line.startsWith("	")) {
      if (name === void 0)
        throw new SyntaxError("a continuation line without a field before it");
      fields.set(name, `${fields.get(name)}
${line.slice(1)}`);
      continue;
    }
    const match = fieldLine.exec(line);
    if (match === null)
      throw new SyntaxError(`expected "Field: value", found ${JSON.stringify(line.slice(0, 80))}`);
    name = match[1].toLowerCase();
    if (fields.has(name)) throw new SyntaxError(`the field ${match[1]} comes twice`);
    fields.set(name, match[2].trimEnd());
  }
  return fields;
}
function parseParagraphs(text) {
  return text.split(/\n(?:[ \t]*\n)+/).map(parseParagraph).filter((paragraph) => paragraph.size > 0);
}
function words(paragraph, name) {
  return (paragraph.get(name) ?? "").split(/\s+/).filter((word) => word !== "");
}
function sourceOf(field, name, version) {
  const [, source = name, sourceVersion = version] = /^(\S+)(?:\s+\(([^)]+)\))?$/.exec(field ?? "") ?? [];
  return { name: source, version: sourceVersion };
}

export {
  parseParagraph,
  parseParagraphs,
  words,
  sourceOf
};
//# sourceMappingURL=chunk-FYFTS2JL.js.map
