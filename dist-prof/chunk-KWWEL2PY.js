import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);

// src/kinds/component.ts
async function packageComponent({ record, purl, sha256, linked = [] }, licenceOf) {
  const { kind, name, version, architecture, source, maintainer, homepage } = record;
  return {
    ...{ id: purl, kind, name, version, architecture, source },
    ...maintainer !== void 0 && { maintainer },
    ...homepage !== void 0 && { homepage },
    licence: await licenceOf(record),
    purl,
    ...sha256 !== void 0 && { sha256 },
    inputs: [],
    linked
  };
}

export {
  packageComponent
};
//# sourceMappingURL=chunk-KWWEL2PY.js.map
