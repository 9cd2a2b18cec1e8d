import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  recipeLabel
} from "./chunk-JBYZ7QPS.js";
import {
  cleanupIo,
  quietly
} from "./chunk-EQKYACEH.js";

// src/outputs/image-store/publish.ts
async function restore(done, store, io) {
  for (const { tag, before } of done) {
    const restoring = before ? store.tag(before.id, tag, cleanupIo(io)) : store.untag(tag, cleanupIo(io));
    await quietly(restoring);
  }
}
async function removeReplaced(imageId, taggings, store, io) {
  const replaced = taggings.map(({ before }) => before).filter((image) => image !== void 0 && image.id !== imageId && recipeLabel in image.labels);
  for (const id of new Set(replaced.map((image) => image.id))) {
    await quietly(store.removeUntagged(id, cleanupIo(io)));
  }
}
var lookUp = (tags, store, io) => Promise.all(tags.map(async (tag) => ({ tag, before: await store.inspect(tag, io) })));
async function publish(imageId, taggings, store, io) {
  const done = [];
  try {
    for (const tagging of taggings) {
      await store.tag(imageId, tagging.tag, io);
      done.push(tagging);
    }
  } catch (error) {
    await restore(done, store, io);
    throw error;
  }
  await removeReplaced(imageId, taggings, store, io);
}

export {
  lookUp,
  publish
};
//# sourceMappingURL=chunk-ZYU2RKZ7.js.map
