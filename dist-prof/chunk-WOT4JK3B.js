import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);

// src/packages/licences/licence.ts
import { createHash } from "node:crypto";
var unknownLicence = (basis) => ({
  expression: "NOASSERTION",
  texts: [],
  basis
});
var idCharacters = (name) => name.replace(/[^A-Za-z0-9.-]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 60);
function licenceRef(name, text) {
  const digits = createHash("sha256").update(text).digest("hex").slice(0, 8);
  return { id: `LicenseRef-${idCharacters(name)}-${digits}`, name, text };
}

export {
  unknownLicence,
  licenceRef
};
//# sourceMappingURL=chunk-WOT4JK3B.js.map
