import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);

// src/outputs/import/import-output.ts
var name = "import";
var importOutput = {
  name,
  place: "store",
  isOption: true,
  holdsImage: false,
  parse: () => ({ type: name }),
  stage: async (image, request, target, io) => (await import("./stage-import-HWAZRAZK.js")).stageImport(image, request, target, io),
  isCurrent: (_, earlier) => earlier.isStored()
};

export {
  importOutput
};
//# sourceMappingURL=chunk-WZWFXZVQ.js.map
