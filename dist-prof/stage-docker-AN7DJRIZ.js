import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  lookUp,
  publish
} from "./chunk-ZYU2RKZ7.js";
import {
  checkLayers,
  discardImage
} from "./chunk-AMKGUIUY.js";
import "./chunk-GAY42F37.js";
import {
  renameInArchive,
  stageArchive
} from "./chunk-DSI3CRHM.js";
import "./chunk-PT3SHOUE.js";
import {
  stagedFile
} from "./chunk-DPGFT6OB.js";
import "./chunk-7GNR7Y6C.js";
import "./chunk-WR7GHE6V.js";
import {
  shortForm
} from "./chunk-HHDGQMDT.js";
import "./chunk-2SRNXG5E.js";
import "./chunk-GEL24WUJ.js";
import "./chunk-FGYWVWTF.js";
import "./chunk-JBYZ7QPS.js";
import "./chunk-6O7GCZRG.js";
import "./chunk-IIMGXTQ4.js";
import "./chunk-C36BAQN3.js";
import "./chunk-KU2VIPS7.js";
import "./chunk-4IXO52BR.js";
import "./chunk-7K5WTWOY.js";
import "./chunk-M7UJ6QGN.js";
import "./chunk-VP6DARGB.js";
import "./chunk-SYJABGWK.js";
import "./chunk-67ZVI5OU.js";
import "./chunk-22XNJDHL.js";
import "./chunk-EQKYACEH.js";
import "./chunk-5ODDAH7M.js";
import {
  MkbaseError
} from "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";

// src/outputs/docker/stage-docker.ts
function checkId(id, { config, manifest }) {
  if (id === config.digest || id === manifest.digest) return;
  throw new MkbaseError({
    code: "IMAGE_MISMATCH",
    message: `The engine loaded another image than it was given.
image expected: ${config.digest}
image found:    ${id}`,
    hint: "Nothing was tagged. See whether the engine was restarted, then run the same command again."
  });
}
function warnOfHealthcheck({ config }, image, io) {
  if (image.settings.Healthcheck === void 0 || config === void 0 || config.Healthcheck)
    return;
  const warning = {
    code: "healthcheck-ignored",
    message: "The engine loaded the image and ignores its health check.",
    advice: "Give the check to the engine when you run the image, for instance podman --health-cmd."
  };
  io.emit({ type: "warning", stage: "image", warning });
}
async function load(file, image, store, io) {
  const id = await store.loadArchive(file, io);
  try {
    checkId(id, image);
    warnOfHealthcheck(checkLayers(await store.inspect(id, io), image), image, io);
  } catch (error) {
    await discardImage(id, store, io);
    throw error;
  }
  return id;
}
async function loadStaged(staged, image, references, store, io) {
  let imageId;
  try {
    imageId = await load(staged.path, image, store, io);
    await renameInArchive(staged.path, image, { from: [], to: references });
    return imageId;
  } catch (error) {
    await staged.discard();
    if (imageId !== void 0) await discardImage(imageId, store, io);
    throw error;
  }
}
async function stageDocker(image, request, dest, { references, store }, io) {
  if (store === void 0) {
    return stagedFile(request, dest, await stageArchive(dest, image, references, io));
  }
  const staged = await stageArchive(dest, image, [], io);
  const imageId = await loadStaged(staged, image, references, store, io);
  const file = await stagedFile(request, dest, staged);
  return {
    output: file.output,
    imageId,
    commit: async () => {
      await file.commit();
      const taggings = await lookUp(references.map(shortForm), store, io);
      await publish(imageId, taggings, store, io);
    },
    discard: async () => {
      await file.discard();
      await discardImage(imageId, store, io);
    }
  };
}
export {
  stageDocker
};
//# sourceMappingURL=stage-docker-AN7DJRIZ.js.map
