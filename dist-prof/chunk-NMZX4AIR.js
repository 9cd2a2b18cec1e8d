import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);

// src/kinds/contract.ts
var noParts = {
  packages: [],
  generated: [],
  licences: /* @__PURE__ */ new Map(),
  madeByBuild: false,
  components: [],
  claims: [],
  unattributed: [],
  archive: void 0
};
var rootfsBuilder = "rootfs";

export {
  noParts,
  rootfsBuilder
};
//# sourceMappingURL=chunk-NMZX4AIR.js.map
