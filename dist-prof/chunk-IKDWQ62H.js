import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);

// src/kinds/registry.ts
var kindModules = {
  debs: () => import("./debs-ERQ6CZI4.js").then(({ debs }) => debs),
  static: () => import("./static-WTGZVRWV.js").then(({ staticProgram }) => staticProgram),
  minirootfs: () => import("./minirootfs-NKSC4WEL.js").then(({ minirootfs }) => minirootfs),
  debootstrap: () => import("./debootstrap-HWI7CNF3.js").then(({ debootstrap }) => debootstrap),
  apk: () => import("./apk-AG75LBU6.js").then(({ apk }) => apk)
};
var starterKind = "static";

export {
  kindModules,
  starterKind
};
//# sourceMappingURL=chunk-IKDWQ62H.js.map
