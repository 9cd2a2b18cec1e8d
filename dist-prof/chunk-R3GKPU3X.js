import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  byteReader
} from "./chunk-C36BAQN3.js";
import {
  MkbaseError,
  interrupted
} from "./chunk-BYUPOKH5.js";

// src/tar/decompress.ts
import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";

// src/tar/zstd-blocks.ts
var magic = 4247762216;
var skippable = 407710288;
var maxWindow = 32 * 1024 * 1024;
async function* zstdBlocks(source) {
  const reader = byteReader(source);
  const exactly = async (length) => {
    const bytes = await reader.read(length);
    if (bytes.length < length) throw new SyntaxError("the stream is cut short");
    return bytes;
  };
  try {
    const start = await exactly(5);
    const descriptor = frameDescriptor(start);
    const rest = await exactly(descriptor.headerRest);
    checkWindow(descriptor.singleSegment ? contentSize(rest, descriptor) : windowSize(rest[0]));
    let pending = Buffer.concat([start, rest]);
    for (let last = false; !last; ) {
      const header = await exactly(3);
      const block = blockHeader(header.readUIntLE(0, 3));
      last = block.last;
      const body = await exactly(block.stored);
      const checksum = last && descriptor.checksum ? await exactly(4) : Buffer.alloc(0);
      yield { bytes: Buffer.concat([pending, header, body, checksum]), last };
      pending = Buffer.alloc(0);
    }
    if ((await reader.read(1)).length > 0) throw new SyntaxError("bytes follow the frame");
  } finally {
    await reader.close();
  }
}
function frameDescriptor(start) {
  const found = start.readUInt32LE(0);
  if (found !== magic) {
    const skip = (found & 4294967280) >>> 0 === skippable;
    throw new SyntaxError(
      skip ? "it starts with a skippable frame" : "it has no zstd magic number"
    );
  }
  const flags = start[4];
  const singleSegment = (flags & 32) !== 0;
  const contentFlag = flags >> 6;
  const contentLength = contentFlag === 0 ? Number(singleSegment) : 1 << contentFlag;
  if ((flags & 3) !== 0) throw new SyntaxError("it needs a dictionary");
  if ((flags & 8) !== 0) throw new SyntaxError("a reserved bit is set");
  return {
    singleSegment,
    contentLength,
    checksum: (flags & 4) !== 0,
    headerRest: Number(!singleSegment) + contentLength
  };
}
function windowSize(byte) {
  const base = 2 ** (10 + (byte >> 3));
  return base + base / 8 * (byte & 7);
}
function contentSize(rest, { contentLength }) {
  if (contentLength === 8) return Number(rest.readBigUInt64LE(0));
  return rest.readUIntLE(0, contentLength) + (contentLength === 2 ? 256 : 0);
}
function checkWindow(size) {
  if (size > maxWindow)
    throw new SyntaxError(`its window is ${size} bytes, more than ${maxWindow}`);
}
function blockHeader(header) {
  const type = header >> 1 & 3;
  const size = header >> 3;
  if (type === 3) throw new SyntaxError("a block is of the reserved type");
  if (size > 128 * 1024) throw new SyntaxError(`a block is ${size} bytes, more than 128 KiB`);
  return { last: (header & 1) === 1, stored: type === 1 ? 1 : size };
}

// src/tar/decompress.ts
var ratioFloor = 64 * 1024 * 1024;
var usualRatio = 400;
function refusedArchive(what, problem, cause) {
  return new MkbaseError({
    code: "ARCHIVE_REFUSED",
    message: `${what}: ${problem}.`,
    hint: "Fetch it from another mirror (--mirror); if it is the same there, the package itself is at fault.",
    cause
  });
}
var decoders = { xz, gz, zst, none: (source) => source };
async function* decompress(source, compression, limits) {
  const { maxRatio = usualRatio } = limits;
  const input = watch(source);
  let output = 0;
  try {
    for await (const chunk of decoders[compression](input.stream)) {
      if (limits.signal?.aborted) throw interrupted(limits.signal);
      output += chunk.length;
      if (output > limits.maxBytes) {
        throw refusedArchive(limits.what, `unpacks to more than ${limits.maxBytes} bytes`);
      }
      if (output > ratioFloor && output > input.size() * maxRatio) {
        throw refusedArchive(limits.what, `unpacks to more than ${maxRatio} times its size`);
      }
      yield chunk;
    }
  } catch (error) {
    if (error instanceof MkbaseError) throw error;
    throw input.failure() ?? refusedArchive(limits.what, `is no whole ${compression} stream`, error);
  }
}
function watch(source) {
  let size = 0;
  let failure;
  async function* pass() {
    try {
      for await (const chunk of source) {
        size += chunk.length;
        yield chunk;
      }
    } catch (error) {
      failure = error;
      throw error;
    }
  }
  return { stream: pass(), size: () => size, failure: () => failure };
}
async function* gz(source) {
  const gunzip = createGunzip({ chunkSize: 256 * 1024 });
  pipeline(Readable.from(source, { objectMode: false }), gunzip, () => {
  });
  yield* gunzip;
}
async function* xz(source) {
  const { XzReadableStream } = (await import("./xz-decompress-XFO6AXWB.js")).default;
  const iterator = source[Symbol.asyncIterator]();
  const output = new XzReadableStream(pulled(iterator));
  for await (const chunk of output) if (chunk.length > 0) yield chunk;
  for (let rest = await iterator.next(); !rest.done; rest = await iterator.next()) {
    if (rest.value.some((byte) => byte !== 0)) throw new SyntaxError("bytes follow the stream");
  }
}
function pulled(iterator) {
  const pull = async (controller) => {
    const { done, value } = await iterator.next();
    if (done) controller.close();
    else controller.enqueue(value);
  };
  const cancel = async () => {
    await iterator.return?.();
  };
  return new ReadableStream({ pull, cancel }, { highWaterMark: 0 });
}
async function* zst(source) {
  const { Decompress } = await import("./esm-HJT7F5OR.js");
  let ready = [];
  const decoder = new Decompress((chunk) => ready.push(chunk));
  for await (const { bytes, last } of zstdBlocks(source)) {
    decoder.push(bytes, last);
    yield* ready;
    ready = [];
  }
}

export {
  refusedArchive,
  decompress
};
//# sourceMappingURL=chunk-R3GKPU3X.js.map
