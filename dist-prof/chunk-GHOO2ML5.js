import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  statementMediaType
} from "./chunk-PHQGYXSX.js";
import {
  canonicalJson
} from "./chunk-FGYWVWTF.js";

// src/sign/bundle.ts
var bundleMediaType = "application/vnd.dev.sigstore.bundle.v0.3+json";
function preAuthenticationEncoding(payloadType, payload) {
  const type = Buffer.from(payloadType, "utf8");
  return Buffer.concat([
    Buffer.from(`DSSEv1 ${type.length} `),
    type,
    Buffer.from(` ${payload.length} `),
    payload
  ]);
}
function signStatement(statement, key) {
  const payload = Buffer.from(canonicalJson(statement));
  const signature = key.sign(preAuthenticationEncoding(statementMediaType, payload));
  return {
    mediaType: bundleMediaType,
    verificationMaterial: { publicKey: { hint: key.hint } },
    dsseEnvelope: {
      payload: payload.toString("base64"),
      payloadType: statementMediaType,
      signatures: [{ sig: signature.toString("base64") }]
    }
  };
}

export {
  bundleMediaType,
  preAuthenticationEncoding,
  signStatement
};
//# sourceMappingURL=chunk-GHOO2ML5.js.map
