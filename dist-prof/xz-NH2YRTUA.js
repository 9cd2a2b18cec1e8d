import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import "./chunk-UUGQRNDH.js";

// src/image/compress/xz/match-finder.ts
var longestMatch = 273;
var niceLength = 128;
var depth = 12;
var bitsOfThree = 16;
var bitsOfFour = 20;
var spread = 2654435761;
var hash = (bytes, bits) => Math.imul(bytes, spread) >>> 32 - bits;
function matchLength(bytes, at, earlier, limit) {
  let length = 0;
  while (length < limit && bytes[at + length] === bytes[earlier + length]) length++;
  return length;
}
function matchFinder(window, history) {
  const lastOfTwo = new Int32Array(1 << 16).fill(-1);
  const lastOfThree = new Int32Array(1 << bitsOfThree).fill(-1);
  const lastOfFour = new Int32Array(1 << bitsOfFour).fill(-1);
  const chain = new Int32Array(history).fill(-1);
  const mask = history - 1;
  const lengths = new Uint16Array(longestMatch);
  const distances = new Uint32Array(longestMatch);
  let count = 0;
  let longest = 0;
  const two = (at) => window[at] | window[at + 1] << 8;
  const three = (at) => two(at) | window[at + 2] << 16;
  const four = (at) => three(at) | window[at + 3] << 24;
  function remember(at) {
    const slot = hash(four(at), bitsOfFour);
    chain[at & mask] = lastOfFour[slot];
    lastOfFour[slot] = at;
    lastOfThree[hash(three(at), bitsOfThree)] = at;
    lastOfTwo[two(at)] = at;
  }
  function offer(at, earlier, limit) {
    if (window[earlier + longest] !== window[at + longest]) return;
    const length = matchLength(window, at, earlier, limit);
    if (length <= longest) return;
    longest = length;
    lengths[count] = length;
    distances[count] = at - earlier;
    count++;
  }
  function find(at, end) {
    const limit = Math.min(longestMatch, end - at);
    count = 0;
    longest = 1;
    if (limit < 4) return count;
    const oldest = Math.max(0, at - mask);
    const nearTwo = lastOfTwo[two(at)];
    const nearThree = lastOfThree[hash(three(at), bitsOfThree)];
    remember(at);
    if (nearTwo >= oldest) offer(at, nearTwo, limit);
    if (nearThree >= oldest) offer(at, nearThree, limit);
    const enough = Math.min(limit, niceLength);
    let earlier = chain[at & mask];
    for (let tries = depth; tries > 0 && earlier >= oldest && longest < enough; tries--) {
      offer(at, earlier, limit);
      earlier = chain[earlier & mask];
    }
    return count;
  }
  const older = (places, by) => {
    for (let slot = 0; slot < places.length; slot++)
      places[slot] = Math.max(-1, places[slot] - by);
  };
  return {
    lengths,
    distances,
    find,
    skip(from, to, end) {
      const stop = Math.min(to, end - 3);
      for (let at = from; at < stop; at++) remember(at);
    },
    moved(by) {
      for (const places of [lastOfTwo, lastOfThree, lastOfFour, chain]) older(places, by);
    }
  };
}

// src/image/compress/xz/choose-symbol.ts
var muchFarther = (near, far) => far - 1 >>> 7 > near - 1;
var repeatIsBetter = (repeated, length, distance) => repeated >= 2 && (repeated + 1 >= length || repeated + 2 >= length && distance > 1 << 9 || repeated + 3 >= length && distance > 1 << 15);
var laterIsBetter = (length, distance, laterLength, laterDistance) => laterLength >= length && laterDistance < distance || laterLength === length + 1 && !muchFarther(distance, laterDistance) || laterLength > length + 1 || laterLength + 1 >= length && length >= 3 && muchFarther(laterDistance, distance);
function symbolChooser(window, finder, { repeats }) {
  const { lengths, distances } = finder;
  const chosen = { length: 1, repeat: -1, distance: 0 };
  let seen = -1;
  let found = 0;
  let repeat = 0;
  let repeatedLength = 0;
  let length = 0;
  let distance = 0;
  function look(at, end) {
    if (seen === at) return;
    found = finder.find(at, end);
    seen = at;
  }
  function lookBack(at, limit) {
    repeatedLength = 0;
    for (let which = 0; which < repeats.length; which++) {
      const earlier = at - repeats[which];
      if (earlier < 0 || window[earlier] !== window[at]) continue;
      const equal = matchLength(window, at, earlier, limit);
      if (equal < 2 || equal <= repeatedLength) continue;
      repeat = which;
      repeatedLength = equal;
    }
  }
  function pickMatch() {
    let index2 = found - 1;
    while (index2 > 0 && lengths[index2] === lengths[index2 - 1] + 1 && muchFarther(distances[index2 - 1], distances[index2])) {
      index2--;
    }
    length = index2 < 0 ? 0 : lengths[index2];
    distance = index2 < 0 ? 0 : distances[index2];
    if (length === 2 && distance > 128) length = 0;
  }
  const repeatFollows = (at, enough) => repeats.some((back) => at >= back && matchLength(window, at, at - back, enough) === enough);
  function take(at, end, taken, which) {
    chosen.length = taken;
    chosen.repeat = which;
    chosen.distance = distance;
    finder.skip(seen + 1, at + taken, end);
    return chosen;
  }
  function choose(at, end) {
    const limit = Math.min(longestMatch, end - at);
    look(at, end);
    lookBack(at, limit);
    if (repeatedLength >= niceLength) return take(at, end, repeatedLength, repeat);
    pickMatch();
    if (length >= niceLength) return take(at, end, length, -1);
    if (repeatIsBetter(repeatedLength, length, distance)) {
      return take(at, end, repeatedLength, repeat);
    }
    if (length < 2 || limit <= 2) return take(at, end, 1, -1);
    look(at + 1, end);
    const later = found - 1;
    const literal = later >= 0 && laterIsBetter(length, distance, lengths[later], distances[later]) || repeatFollows(at + 1, Math.max(2, length - 1));
    return take(at, end, literal ? 1 : length, -1);
  }
  return {
    choose,
    moved(by) {
      seen -= by;
    }
  };
}

// src/image/compress/xz/range-encoder.ts
var one = 2048;
var adaptation = 5;
var top = 2 ** 24;
var capacity = 64 * 1024 + 512;
var probabilities = (count) => new Uint16Array(count).fill(one / 2);
function rangeEncoder() {
  const output = new Uint8Array(capacity);
  const low = new Float64Array(1);
  const range = new Uint32Array(1);
  let used = 0;
  let held = 0;
  let heldBytes = 0;
  function restart() {
    low[0] = 0;
    range[0] = 4294967295;
    used = 0;
    held = 0;
    heldBytes = 1;
  }
  function shiftLow() {
    const value = low[0];
    if (value < 4278190080 || value > 4294967295) {
      const carry = value > 4294967295 ? 1 : 0;
      for (; heldBytes > 0; heldBytes--) {
        output[used++] = held + carry;
        held = 255;
      }
      held = value / top & 255;
    }
    heldBytes++;
    low[0] = value % top * 256;
  }
  function bit(model, index2, value) {
    const probability = model[index2];
    const bound = (range[0] >>> 11) * probability;
    if (value === 0) {
      range[0] = bound;
      model[index2] = probability + (one - probability >>> adaptation);
    } else {
      low[0] += bound;
      range[0] -= bound;
      model[index2] = probability - (probability >>> adaptation);
    }
    if (range[0] >= top) return;
    range[0] <<= 8;
    shiftLow();
  }
  restart();
  return {
    bit,
    tree(model, start, bits, symbol) {
      let node = 1;
      for (let at = bits - 1; at >= 0; at--) {
        const value = symbol >>> at & 1;
        bit(model, start + node, value);
        node = node << 1 | value;
      }
    },
    reverseTree(model, start, bits, symbol) {
      let node = 1;
      for (let at = 0; at < bits; at++) {
        const value = symbol >>> at & 1;
        bit(model, start + node, value);
        node = node << 1 | value;
      }
    },
    direct(value, bits) {
      for (let at = bits - 1; at >= 0; at--) {
        range[0] >>>= 1;
        if (value >>> at & 1) low[0] += range[0];
        if (range[0] >= top) continue;
        range[0] <<= 8;
        shiftLow();
      }
    },
    size: () => used + heldBytes + 4,
    finish() {
      for (let at = 0; at < 5; at++) shiftLow();
      const bytes = output.subarray(0, used);
      restart();
      return bytes;
    }
  };
}

// src/image/compress/xz/symbols.ts
var literalContextBits = 3;
var positionBits = 2;
var shortestMatch = 2;
var states = 12;
var positions = 1 << positionBits;
var literalSize = 768;
var slotBits = 6;
var alignBits = 4;
var firstDirectSlot = 14;
var lengthModel = () => ({
  choice: probabilities(2),
  low: probabilities(positions << 3),
  middle: probabilities(positions << 3),
  high: probabilities(256)
});
var newModels = () => ({
  isMatch: probabilities(states * positions),
  isRepeat: probabilities(states),
  /** Models of the bits for a repeated distance older than the last, the one before that, and so on. */
  isOlder: [probabilities(states), probabilities(states), probabilities(states)],
  isLongRepeat: probabilities(states * positions),
  literals: probabilities(literalSize << literalContextBits),
  matchLengths: lengthModel(),
  repeatLengths: lengthModel(),
  slots: probabilities(4 << slotBits),
  footers: probabilities(128),
  align: probabilities(1 << alignBits)
});
function symbolEncoder(coder) {
  const repeats = new Uint32Array(4);
  let models = newModels();
  let state = 0;
  function reset() {
    models = newModels();
    repeats.fill(1);
    state = 0;
  }
  function encodeLength(model, length, position) {
    const symbol = length - shortestMatch;
    coder.bit(model.choice, 0, symbol < 8 ? 0 : 1);
    if (symbol >= 8) coder.bit(model.choice, 1, symbol < 16 ? 0 : 1);
    if (symbol < 8) coder.tree(model.low, position << 3, 3, symbol);
    else if (symbol < 16) coder.tree(model.middle, position << 3, 3, symbol - 8);
    else coder.tree(model.high, 0, 8, symbol - 16);
  }
  function encodeDistance(distance, length) {
    const value = distance - 1;
    const highest = 31 - Math.clz32(value);
    const slot = value < 4 ? value : highest << 1 | value >>> highest - 1 & 1;
    const kind = Math.min(length - shortestMatch, 3);
    coder.tree(models.slots, kind << slotBits, slotBits, slot);
    if (slot < 4) return;
    const footer2 = highest - 1;
    const base = (2 | slot & 1) << footer2;
    const rest = value - base;
    if (slot < firstDirectSlot) {
      coder.reverseTree(models.footers, base - slot, footer2, rest);
    } else {
      coder.direct(rest >>> alignBits, footer2 - alignBits);
      coder.reverseTree(models.align, 0, alignBits, rest & (1 << alignBits) - 1);
    }
  }
  function encodeUnlike(start, expected, byte) {
    let offset = 256;
    let matched = expected;
    let symbol = byte | 256;
    while (symbol < 65536) {
      matched <<= 1;
      const matchBit = matched & offset;
      const bit = symbol >>> 7 & 1;
      coder.bit(models.literals, start + offset + matchBit + (symbol >>> 8), bit);
      symbol <<= 1;
      offset &= ~(matched ^ symbol);
    }
  }
  reset();
  return {
    repeats,
    reset,
    literal(window, at) {
      const position = at & positions - 1;
      coder.bit(models.isMatch, state << positionBits | position, 0);
      const before = at === 0 ? 0 : window[at - 1];
      const start = literalSize * (before >>> 8 - literalContextBits);
      if (state < 7) coder.tree(models.literals, start, 8, window[at]);
      else encodeUnlike(start, window[at - repeats[0]], window[at]);
      if (state < 4) state = 0;
      else state -= state < 10 ? 3 : 6;
    },
    match(at, length, distance) {
      const position = at & positions - 1;
      coder.bit(models.isMatch, state << positionBits | position, 1);
      coder.bit(models.isRepeat, state, 0);
      encodeLength(models.matchLengths, length, position);
      encodeDistance(distance, length);
      repeats.copyWithin(1, 0, 3);
      repeats[0] = distance;
      state = state < 7 ? 7 : 10;
    },
    repeat(at, length, which) {
      const position = at & positions - 1;
      coder.bit(models.isMatch, state << positionBits | position, 1);
      coder.bit(models.isRepeat, state, 1);
      coder.bit(models.isOlder[0], state, which > 0 ? 1 : 0);
      if (which === 0) coder.bit(models.isLongRepeat, state << positionBits | position, 1);
      else coder.bit(models.isOlder[1], state, which > 1 ? 1 : 0);
      if (which > 1) coder.bit(models.isOlder[2], state, which > 2 ? 1 : 0);
      const distance = repeats[which];
      repeats.copyWithin(1, 0, which);
      repeats[0] = distance;
      encodeLength(models.repeatLengths, length, position);
      state = state < 7 ? 8 : 11;
    }
  };
}

// src/image/compress/xz/lzma2.ts
var mostUncompressed = 2 * 1024 * 1024;
var mostCompressed = 64 * 1024;
var symbolRoom = 64;
var properties = positionBits * 9 * 5 + literalContextBits;
var anew = { nothing: 0, state: 1, properties: 2, dictionary: 3 };
var uint16 = (value) => [value >>> 8 & 255, value & 255];
function chunkEncoder(window, dictionarySize2) {
  const coder = rangeEncoder();
  const symbols = symbolEncoder(coder);
  const finder = matchFinder(window, dictionarySize2);
  const chooser = symbolChooser(window, finder, symbols);
  let due = anew.dictionary;
  function encodeSymbol(at, end) {
    const { length, repeat, distance } = chooser.choose(at, end);
    if (length === 1) symbols.literal(window, at);
    else if (repeat >= 0) symbols.repeat(at, length, repeat);
    else symbols.match(at, length, distance);
    return length;
  }
  function* plain(bytes) {
    const control = due === anew.dictionary ? 1 : 2;
    yield Uint8Array.from([control, ...uint16(bytes.length - 1)]);
    yield bytes;
    due = Math.max(anew.state, Math.min(due, anew.properties));
  }
  function* compressed(bytes, uncompressed) {
    const control = 128 | due << 5 | uncompressed - 1 >>> 16;
    yield Uint8Array.from([
      control,
      ...uint16(uncompressed - 1),
      ...uint16(bytes.length - 1),
      ...due >= anew.properties ? [properties] : []
    ]);
    yield bytes;
    due = anew.nothing;
  }
  return {
    *encode(from, end) {
      if (due !== anew.nothing) symbols.reset();
      const stop = Math.min(end, from + mostUncompressed - longestMatch);
      let at = from;
      while (at < stop && coder.size() < mostCompressed - symbolRoom) at += encodeSymbol(at, end);
      const bytes = coder.finish();
      if (bytes.length < at - from) yield* compressed(bytes, at - from);
      else yield* plain(window.subarray(from, at));
      return at;
    },
    moved(by) {
      finder.moved(by);
      chooser.moved(by);
    }
  };
}
var dictionarySize = 4 * 1024 * 1024;
var ahead = mostUncompressed + longestMatch;
async function* lzma2(source) {
  const window = new Uint8Array(3 * dictionarySize);
  const chunks = chunkEncoder(window, dictionarySize);
  let at = 0;
  let end = 0;
  function* encodeUpTo(stop) {
    while (at < stop) at = yield* chunks.encode(at, end);
  }
  function makeRoom() {
    window.copyWithin(0, dictionarySize, end);
    chunks.moved(dictionarySize);
    at -= dictionarySize;
    end -= dictionarySize;
  }
  for await (const chunk of source) {
    for (let taken = 0; taken < chunk.length; ) {
      const part = chunk.subarray(taken, taken + window.length - end);
      window.set(part, end);
      taken += part.length;
      end += part.length;
      if (end < window.length) continue;
      yield* encodeUpTo(end - ahead);
      makeRoom();
    }
  }
  yield* encodeUpTo(end);
  yield Uint8Array.from([0]);
}

// src/image/compress/xz/xz.ts
var polynomial = 3988292384;
var table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) {
    remainder = remainder & 1 ? remainder >>> 1 ^ polynomial : remainder >>> 1;
  }
  return remainder;
});
function crc32(bytes, before = 0) {
  let crc = ~before;
  for (let at = 0; at < bytes.length; at++) crc = table[(crc ^ bytes[at]) & 255] ^ crc >>> 8;
  return ~crc >>> 0;
}
var magic = Uint8Array.from([253, 55, 122, 88, 90, 0]);
var footerMagic = Uint8Array.from([89, 90]);
var flags = Uint8Array.from([0, 1]);
var checkSize = 4;
var lzma2Filter = 33;
function uint32(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
var withCrc = (bytes) => Buffer.concat([bytes, uint32(crc32(bytes))]);
var padding = (length) => new Uint8Array((4 - length % 4) % 4);
function multibyte(value) {
  return value < 128 ? [value] : [value % 128 | 128, ...multibyte(Math.floor(value / 128))];
}
var dictionaryProperty = (Math.log2(dictionarySize) - 12) * 2;
function blockHeader() {
  const bytes = [0, 0, lzma2Filter, 1, dictionaryProperty, 0, 0, 0];
  bytes[0] = (bytes.length + 4) / 4 - 1;
  return withCrc(Uint8Array.from(bytes));
}
function index(unpadded, uncompressed) {
  const record = [0, 1, ...multibyte(unpadded), ...multibyte(uncompressed)];
  return withCrc(Uint8Array.from([...record, ...padding(record.length)]));
}
function footer(indexSize) {
  const body = Buffer.concat([uint32(indexSize / 4 - 1), flags]);
  return Buffer.concat([uint32(crc32(body)), body, footerMagic]);
}
async function* xz(source) {
  let uncompressed = 0;
  let check = 0;
  async function* checked() {
    for await (const chunk of source) {
      uncompressed += chunk.length;
      check = crc32(chunk, check);
      yield chunk;
    }
  }
  yield Buffer.concat([magic, withCrc(flags)]);
  const header = blockHeader();
  yield header;
  let compressed = 0;
  for await (const bytes of lzma2(checked())) {
    compressed += bytes.length;
    yield bytes;
  }
  yield padding(compressed);
  yield uint32(check);
  const records = index(header.length + compressed + checkSize, uncompressed);
  yield records;
  yield footer(records.length);
}
export {
  xz
};
//# sourceMappingURL=xz-NH2YRTUA.js.map
