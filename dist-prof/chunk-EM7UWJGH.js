import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  kinds
} from "./chunk-KN3M32LU.js";
import {
  seconds,
  text,
  url
} from "./chunk-XTZ2QZAO.js";
import {
  _enum,
  array,
  discriminatedUnion,
  literal,
  looseObject,
  sha256,
  strictObject
} from "./chunk-U563K2LX.js";
import {
  platformNames
} from "./chunk-7K5WTWOY.js";

// src/lock/schema.ts
var lockVersion = 2;
var anyFrom = discriminatedUnion(
  "kind",
  kinds.map(
    ({ name, lockSchema: lockSchema2 }) => strictObject({ kind: literal(name), [name]: lockSchema2 })
  )
);
var from = anyFrom;
var lockSchema = strictObject({
  lockVersion: literal(lockVersion, { error: `expected ${lockVersion}` }),
  recipe: text,
  platform: _enum(platformNames),
  epoch: seconds,
  request: sha256,
  asked: looseObject({}),
  from,
  files: array(strictObject({ url, sha256 })).optional(),
  toolchain: strictObject({ name: text, epoch: seconds, from }).optional()
});

export {
  lockVersion,
  lockSchema
};
//# sourceMappingURL=chunk-EM7UWJGH.js.map
