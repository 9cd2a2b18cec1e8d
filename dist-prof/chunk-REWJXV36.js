import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  MkbaseError,
  ioError
} from "./chunk-BYUPOKH5.js";

// src/sign/keys/verification-key.ts
import { createHash, createPublicKey, verify } from "node:crypto";

// src/sign/keys/algorithm.ts
var ed25519 = { name: "Ed25519", digest: null, deterministic: true };
var ecdsaP256 = { name: "ECDSA P-256", digest: "sha256", deterministic: false };
var rsa = { name: "RSA", digest: "sha256", deterministic: true };
var leastRsaBits = 2048;
function algorithmOf(key) {
  const { modulusLength = 0, namedCurve } = key.asymmetricKeyDetails ?? {};
  switch (key.asymmetricKeyType) {
    case "ed25519":
      return ed25519;
    case "ec":
      if (namedCurve === "prime256v1") return ecdsaP256;
      return { problem: `it is on the curve ${namedCurve}` };
    case "rsa":
      if (modulusLength >= leastRsaBits) return rsa;
      return { problem: `it is RSA of ${modulusLength} bits, expected at least ${leastRsaBits}` };
    default:
      return { problem: `it is ${key.asymmetricKeyType}` };
  }
}

// src/sign/keys/pem.ts
import { readFile } from "node:fs/promises";
var mostBytes = 64 * 1024;
var advice = {
  "ENCRYPTED SIGSTORE PRIVATE KEY": "That is cosign's own form, which only cosign reads; make a key for both with `mkbase sign --generate-key FILE` and `cosign import-key-pair`.",
  "ENCRYPTED COSIGN PRIVATE KEY": "That is cosign's own form, which only cosign reads; make a key for both with `mkbase sign --generate-key FILE` and `cosign import-key-pair`.",
  "OPENSSH PRIVATE KEY": "Turn a copy of it into PKCS #8 with `ssh-keygen -p -m PKCS8 -f COPY`, or make another with `mkbase sign --generate-key FILE`."
};
var wrong = (file, problem, hint, cause) => new MkbaseError({ code: "USAGE", message: `${file} ${problem}.`, hint, cause });
var wrongKey = ({ file, label }, problem, hint, cause) => wrong(file, problem, advice[label] ?? hint, cause);
var makeOne = "Make a pair of keys with `mkbase sign --generate-key FILE`.";
async function readPem(file) {
  const bytes = await readFile(file).catch((error) => {
    if (error.code === "ENOENT") throw wrong(file, "is not there", makeOne);
    throw ioError(error, "reading the key", file);
  });
  const text = bytes.length > mostBytes ? "" : bytes.toString("latin1");
  const label = /^-----BEGIN ([A-Z0-9 ]+)-----\r?$/m.exec(text)?.[1];
  if (label !== void 0) return { file, text, label };
  throw wrong(file, 'is no key in PEM form: it has no line "-----BEGIN \u2026-----"', makeOne);
}

// src/sign/keys/verification-key.ts
var hintOf = (publicKey) => createHash("sha256").update(publicKey.export({ type: "spki", format: "der" })).digest("base64");
function verificationKey(key) {
  const algorithm = algorithmOf(key);
  if ("problem" in algorithm) throw new Error(algorithm.problem);
  return {
    algorithm,
    hint: hintOf(key),
    verifies: (bytes, signature) => verify(algorithm.digest, bytes, key, signature)
  };
}
async function loadVerificationKey(file) {
  const pem = await readPem(file);
  const { label, text } = pem;
  if (label !== "PUBLIC KEY") {
    const hint = label.endsWith("PRIVATE KEY") ? "Signatures are checked with the public key: name that file, which --generate-key wrote beside it as .pub, or make it with `openssl pkey -pubout`." : 'Name a file that begins with "-----BEGIN PUBLIC KEY-----".';
    throw wrongKey({ ...pem, label: "" }, `holds no public key but "${label}"`, hint);
  }
  try {
    return verificationKey(createPublicKey(text));
  } catch (error) {
    throw wrongKey(
      pem,
      `is no public key that signatures can be checked with: ${error.message}`,
      "Expected Ed25519, ECDSA on P-256, or RSA of at least 2048 bits.",
      error
    );
  }
}

export {
  algorithmOf,
  wrongKey,
  readPem,
  hintOf,
  verificationKey,
  loadVerificationKey
};
//# sourceMappingURL=chunk-REWJXV36.js.map
