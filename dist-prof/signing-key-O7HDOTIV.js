import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  algorithmOf,
  hintOf,
  readPem,
  wrongKey
} from "./chunk-REWJXV36.js";
import "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";

// src/sign/keys/signing-key.ts
import { createPrivateKey, createPublicKey, sign } from "node:crypto";
var known = ["PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "EC PRIVATE KEY", "RSA PRIVATE KEY"];
var isEncrypted = ({ label, text }) => label.startsWith("ENCRYPTED") || text.includes("Proc-Type: 4,ENCRYPTED");
function parsed(pem, passphrase) {
  try {
    return createPrivateKey({ key: pem.text, ...passphrase !== void 0 && { passphrase } });
  } catch (error) {
    if (passphrase !== void 0) {
      throw wrongKey(
        pem,
        "cannot be decrypted: the passphrase is wrong, or the file is damaged",
        "Set the passphrase in MKBASE_SIGN_PASSPHRASE, or name a file that holds it with --passphrase-file.",
        error
      );
    }
    throw wrongKey(
      pem,
      "is no private key: it is damaged",
      "Make another with `mkbase sign --generate-key FILE`.",
      error
    );
  }
}
async function passphraseFor(pem, ask) {
  if (!isEncrypted(pem)) return void 0;
  const passphrase = await ask();
  if (passphrase !== void 0) return passphrase;
  throw wrongKey(
    pem,
    "is encrypted, and there is no passphrase",
    "Set it in MKBASE_SIGN_PASSPHRASE, or name a file that holds it with --passphrase-file."
  );
}
function signingKey(key) {
  const algorithm = algorithmOf(key);
  if ("problem" in algorithm) throw new Error(algorithm.problem);
  return {
    algorithm,
    hint: hintOf(createPublicKey(key)),
    sign: (bytes) => sign(algorithm.digest, bytes, key)
  };
}
async function loadSigningKey(file, passphrase) {
  const pem = await readPem(file);
  if (!known.includes(pem.label)) {
    const hint = "Make a pair of keys with `mkbase sign --generate-key FILE`.";
    throw wrongKey(pem, `holds no private key to sign with but "${pem.label}"`, hint);
  }
  const key = parsed(pem, await passphraseFor(pem, passphrase));
  try {
    return signingKey(key);
  } catch (error) {
    throw wrongKey(
      pem,
      `cannot be signed with: ${error.message}`,
      "Expected Ed25519, ECDSA on P-256, or RSA of at least 2048 bits.",
      error
    );
  }
}
export {
  loadSigningKey,
  signingKey
};
//# sourceMappingURL=signing-key-O7HDOTIV.js.map
