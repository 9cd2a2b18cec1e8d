import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  ociPlatform
} from "./chunk-WR7GHE6V.js";
import {
  fullForm,
  shortForm
} from "./chunk-HHDGQMDT.js";
import {
  blobPath,
  describe,
  mediaTypes
} from "./chunk-GEL24WUJ.js";
import {
  canonicalJson
} from "./chunk-FGYWVWTF.js";

// src/outputs/oci/layout.ts
var json = (value) => Buffer.from(canonicalJson(value));
var layoutMarker = "oci-layout";
var nameAnnotations = (reference) => ({
  "io.containerd.image.name": fullForm(reference),
  "org.opencontainers.image.ref.name": reference.tag
});
function index(image, references) {
  const manifest = { ...describe(image.manifest), platform: ociPlatform(image.platform) };
  const named = references.map((reference) => ({
    ...manifest,
    annotations: nameAnnotations(reference)
  }));
  return {
    schemaVersion: 2,
    mediaType: mediaTypes.index,
    manifests: named.length === 0 ? [manifest] : named
  };
}
var blobFiles = ({ config, manifest }) => new Map([config, manifest].map(({ digest, bytes }) => [blobPath(digest), bytes]));
function layoutFiles(image, references) {
  return /* @__PURE__ */ new Map([
    ["index.json", json(index(image, references))],
    [layoutMarker, Buffer.from('{"imageLayoutVersion":"1.0.0"}')]
  ]);
}
function dockerManifest(image, references) {
  const entry = {
    Config: blobPath(image.config.digest),
    RepoTags: references.map(shortForm),
    Layers: [blobPath(image.rootfs.diffId)]
  };
  return /* @__PURE__ */ new Map([["manifest.json", json([entry])]]);
}

export {
  layoutMarker,
  blobFiles,
  layoutFiles,
  dockerManifest
};
//# sourceMappingURL=chunk-7GNR7Y6C.js.map
