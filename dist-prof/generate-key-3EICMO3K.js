import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  MkbaseError,
  ioError
} from "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";

// src/sign/keys/generate-key.ts
import { generateKeyPair } from "node:crypto";
import { open, rm } from "node:fs/promises";
import { promisify } from "node:util";
var generate = promisify(generateKeyPair);
async function writeNew(file, text, mode) {
  const failed = (error) => error.code === "EEXIST" ? new MkbaseError({
    code: "USAGE",
    message: `${file} is there already, and a key is never written over.`,
    hint: "Choose another name, or move the file away."
  }) : ioError(error, "writing the key", file);
  const handle = await open(file, "wx", mode).catch((error) => {
    throw failed(error);
  });
  try {
    await handle.writeFile(text);
    await handle.sync();
  } catch (error) {
    await rm(file, { force: true });
    throw failed(error);
  } finally {
    await handle.close();
  }
}
async function generateKey(file, passphrase) {
  const { privateKey, publicKey } = await generate("ed25519");
  const encryption = passphrase === void 0 ? {} : { cipher: "aes-256-cbc", passphrase };
  const pem = privateKey.export({ type: "pkcs8", format: "pem", ...encryption });
  const beside = `${file}.pub`;
  await writeNew(file, pem.toString(), 384);
  try {
    await writeNew(beside, publicKey.export({ type: "spki", format: "pem" }).toString(), 420);
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  }
  return { privateKey: file, publicKey: beside };
}
export {
  generateKey
};
//# sourceMappingURL=generate-key-3EICMO3K.js.map
