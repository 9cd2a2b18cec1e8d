import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  MkbaseError,
  ioError
} from "./chunk-BYUPOKH5.js";

// src/tar/content.ts
import { closeSync, openSync, read, readSync } from "node:fs";
import { promisify } from "node:util";
var openLimit = 128;
var smallRead = 64 * 1024;
var readAsync = promisify(read);
var contentSize = (content) => "bytes" in content ? content.bytes.length : content.size;
var tooShort = (file, position) => new MkbaseError({
  code: "IO",
  message: `${file} ends at byte ${position}, in the middle of a file's content.`,
  hint: "Something changed it while it was read; run the same command again."
});
async function fillSlowly(fd, file, position, target) {
  for (let filled = 0; filled < target.length; ) {
    const left = target.length - filled;
    const reading = readAsync(fd, target, filled, left, position + filled);
    const { bytesRead } = await reading.catch((error) => {
      throw ioError(error, "reading", file);
    });
    if (bytesRead === 0) throw tooShort(file, position + filled);
    filled += bytesRead;
  }
}
function fillNow(fd, file, position, target) {
  for (let filled = 0; filled < target.length; ) {
    const left = target.length - filled;
    const bytesRead = readSync(fd, target, filled, left, position + filled);
    if (bytesRead === 0) throw tooShort(file, position + filled);
    filled += bytesRead;
  }
}
function contentReader() {
  const descriptors = /* @__PURE__ */ new Map();
  function descriptorOf(file) {
    const known = descriptors.get(file);
    if (known !== void 0) descriptors.delete(file);
    const fd = known ?? openSync(file, "r");
    descriptors.set(file, fd);
    const [oldest] = descriptors;
    if (oldest !== void 0 && descriptors.size > openLimit) {
      descriptors.delete(oldest[0]);
      closeSync(oldest[1]);
    }
    return fd;
  }
  function fill(content, position, target) {
    if ("bytes" in content) {
      target.set(content.bytes.subarray(position, position + target.length));
      return void 0;
    }
    const start = content.offset + position;
    try {
      const fd = descriptorOf(content.file);
      if (target.length <= smallRead) return fillNow(fd, content.file, start, target);
      return fillSlowly(fd, content.file, start, target);
    } catch (error) {
      throw ioError(error, "reading", content.file);
    }
  }
  return {
    fill,
    close: () => {
      for (const fd of descriptors.values()) closeSync(fd);
      descriptors.clear();
    }
  };
}
async function readContent(content) {
  const bytes = Buffer.alloc(contentSize(content));
  const reader = contentReader();
  try {
    await reader.fill(content, 0, bytes);
    return bytes;
  } finally {
    reader.close();
  }
}

export {
  contentSize,
  contentReader,
  readContent
};
//# sourceMappingURL=chunk-4IXO52BR.js.map
