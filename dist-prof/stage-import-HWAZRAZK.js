import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  lookUp,
  publish
} from "./chunk-ZYU2RKZ7.js";
import {
  discardImage,
  importImage
} from "./chunk-AMKGUIUY.js";
import "./chunk-GAY42F37.js";
import {
  shortForm
} from "./chunk-HHDGQMDT.js";
import "./chunk-JBYZ7QPS.js";
import "./chunk-6O7GCZRG.js";
import "./chunk-IIMGXTQ4.js";
import "./chunk-C36BAQN3.js";
import "./chunk-KU2VIPS7.js";
import "./chunk-4IXO52BR.js";
import "./chunk-7K5WTWOY.js";
import "./chunk-EQKYACEH.js";
import "./chunk-5ODDAH7M.js";
import {
  MkbaseError
} from "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";

// src/outputs/import/stage-import.ts
async function stageImport(image, { type }, { store, references }, io) {
  if (store === void 0) {
    throw new MkbaseError({
      code: "USAGE",
      message: `--output type=${type} needs an engine with an image store, and this one has none.`,
      hint: "Start Docker or podman, or use --output type=oci."
    });
  }
  const tags = references.map(shortForm);
  const [imported, taggings] = await Promise.allSettled([
    importImage(image, store, io),
    lookUp(tags, store, io)
  ]);
  if (imported.status === "rejected") throw imported.reason;
  const imageId = imported.value;
  if (taggings.status === "rejected") {
    await discardImage(imageId, store, io);
    throw taggings.reason;
  }
  return {
    output: { type, dest: tags[0] ?? imageId },
    imageId,
    commit: () => publish(imageId, taggings.value, store, io),
    discard: () => discardImage(imageId, store, io)
  };
}
export {
  stageImport
};
//# sourceMappingURL=stage-import-HWAZRAZK.js.map
