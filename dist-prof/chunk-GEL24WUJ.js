import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  canonicalJson
} from "./chunk-FGYWVWTF.js";
import {
  sha256OfBytes
} from "./chunk-5ODDAH7M.js";

// src/oci/blob.ts
var mediaTypes = {
  config: "application/vnd.oci.image.config.v1+json",
  /**
   * Not compressed, so that the layer's digest is its diffID and hangs on no implementation of
   * deflate, of which there is a different one in every Node, Go and gzip.
   */
  layer: "application/vnd.oci.image.layer.v1.tar",
  manifest: "application/vnd.oci.image.manifest.v1+json",
  index: "application/vnd.oci.image.index.v1+json"
};
var sha256 = (bytes) => `sha256:${sha256OfBytes(bytes)}`;
function jsonBlob(mediaType, value) {
  const bytes = Buffer.from(canonicalJson(value));
  return { mediaType, digest: sha256(bytes), bytes };
}
var describe = ({ mediaType, digest, bytes }) => ({
  mediaType,
  digest,
  size: bytes.length
});
var blobPath = (digest) => `blobs/${digest.replace(":", "/")}`;

export {
  mediaTypes,
  sha256,
  jsonBlob,
  describe,
  blobPath
};
//# sourceMappingURL=chunk-GEL24WUJ.js.map
