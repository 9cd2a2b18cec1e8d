import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);

// src/base/format.ts
var units = ["kB", "MB", "GB", "TB"];
function scaled(bytes) {
  let value = bytes;
  let unit = "B";
  for (const next of units) {
    if (value < 999.95) break;
    value /= 1e3;
    unit = next;
  }
  return { value, unit };
}
var digits = (value, unit) => unit === "B" ? String(Math.round(value)) : value.toFixed(1);
function formatBytes(bytes) {
  const { value, unit } = scaled(bytes);
  return `${digits(value, unit)} ${unit}`;
}
function formatExactBytes(bytes) {
  return bytes < 1e3 ? formatBytes(bytes) : `${formatBytes(bytes)} (${formatCount(bytes)} bytes)`;
}
function formatDoneOfTotal(done, total) {
  const { value, unit } = scaled(total);
  const factor = total === 0 ? 1 : value / total;
  return `${digits(done * factor, unit)}/${digits(value, unit)} ${unit}`;
}
function formatRate(bytesPerSecond) {
  const { value, unit } = scaled(bytesPerSecond);
  return `${value >= 10 || unit === "B" ? Math.round(value) : value.toFixed(1)} ${unit}/s`;
}
function formatDuration(milliseconds) {
  if (milliseconds < 99.5) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1e3;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  return formatWholeSeconds(seconds);
}
function formatWholeSeconds(seconds) {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor(whole % 3600 / 60)} min`;
}
function formatCount(count) {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ",");
}
var plural = (count, one, many = `${one}s`) => `${formatCount(count)} ${count === 1 ? one : many}`;

export {
  formatBytes,
  formatExactBytes,
  formatDoneOfTotal,
  formatRate,
  formatDuration,
  formatWholeSeconds,
  plural
};
//# sourceMappingURL=chunk-Z5B43JE3.js.map
