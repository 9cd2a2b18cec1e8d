import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  describe,
  jsonBlob,
  mediaTypes
} from "./chunk-GEL24WUJ.js";
import {
  toImageConfig
} from "./chunk-JBYZ7QPS.js";
import {
  platforms
} from "./chunk-7K5WTWOY.js";

// src/image/compose-image.ts
var timestamp = (epoch) => new Date(epoch * 1e3).toISOString().replace(".000Z", "Z");
function ociPlatform(name) {
  const { ociArchitecture, ociVariant } = platforms[name];
  return { architecture: ociArchitecture, os: "linux", ...ociVariant && { variant: ociVariant } };
}
var commentOf = ({ recipe, lockDigest }) => `mkbase: recipe ${recipe}${lockDigest === void 0 ? "" : `, lock sha256:${lockDigest}`}`;
function configBlob(rootfs, config, options) {
  const created = timestamp(options.created);
  const comment = commentOf(options);
  return jsonBlob(mediaTypes.config, {
    ...ociPlatform(options.platform),
    created,
    config,
    rootfs: { type: "layers", diff_ids: [rootfs.diffId] },
    history: [{ created, created_by: `mkbase ${options.recipe}`, comment }]
  });
}
function manifestBlob(rootfs, config) {
  return jsonBlob(mediaTypes.manifest, {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: describe(config),
    layers: [{ mediaType: mediaTypes.layer, digest: rootfs.diffId, size: rootfs.size }]
  });
}
function composeImage(rootfs, settings, options) {
  const config = toImageConfig(settings, options.recipe);
  const blob = configBlob(rootfs, config, options);
  return {
    rootfs,
    platform: options.platform,
    created: options.created,
    comment: commentOf(options),
    settings: config,
    config: blob,
    manifest: manifestBlob(rootfs, blob)
  };
}

export {
  ociPlatform,
  composeImage
};
//# sourceMappingURL=chunk-WR7GHE6V.js.map
