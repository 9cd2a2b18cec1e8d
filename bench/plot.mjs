// Draws lines over numbers as an SVG.
const [width, height] = [720, 420];
const frame = { left: 70, right: 20, top: 50, bottom: 60 };
const colours = ['#0b5fff', '#d9480f', '#2b8a3e', '#862e9c'];

const escaped = (text) => text.replace(/[&<>"]/g, (each) => `&#${each.charCodeAt(0)};`);
const text = (x, y, words, more = '') => `<text x="${x}" y="${y}" ${more}>${escaped(words)}</text>`;

/** Returns round numbers from 0 to at least `most`, about five. */
function ticksTo(most) {
  const raw = (most || 1) / 5;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * [1, 2, 5, 10].find((each) => each * power >= raw);
  const count = Math.ceil((most || 1) / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(6)));
}

/**
 * Returns a plot as the text of an SVG. `series` has a name and points `[x, y]` for each line; both axes
 * begin at 0.
 */
export function plot({ title, x, y, series }) {
  const all = series.flatMap(({ points }) => points);
  const [xs, ys] = [0, 1].map((axis) => ticksTo(Math.max(...all.map((point) => point[axis]))));
  const across = width - frame.left - frame.right;
  const upward = height - frame.top - frame.bottom;
  const atX = (value) => frame.left + (value / xs.at(-1)) * across;
  const atY = (value) => height - frame.bottom - (value / ys.at(-1)) * upward;
  const bottom = height - frame.bottom;
  const lines = series.map(({ points }, index) => {
    const colour = colours[index % colours.length];
    const sorted = [...points].sort(([a], [b]) => a - b);
    const path = sorted.map(([a, b]) => `${atX(a).toFixed(1)},${atY(b).toFixed(1)}`);
    const dots = path.map((point) => {
      const [cx, cy] = point.split(',');
      return `<circle cx="${cx}" cy="${cy}" r="3.5" fill="${colour}"/>`;
    });
    return `<polyline points="${path.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>${dots.join('')}`;
  });
  const legend = series.map(({ name }, index) => {
    const top = frame.top + 14 + index * 18;
    const swatch = `<rect x="${frame.left + 12}" y="${top - 9}" width="12" height="10" fill="${colours[index % colours.length]}"/>`;
    return swatch + text(frame.left + 30, top, name);
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="white"/>`,
    text(width / 2, 24, title, 'text-anchor="middle" font-size="15"'),
    ...ys.map(
      (each) =>
        `<line x1="${frame.left}" x2="${width - frame.right}" y1="${atY(each)}" y2="${atY(each)}" stroke="#ddd"/>`,
    ),
    ...ys.map((each) => text(frame.left - 8, atY(each) + 4, String(each), 'text-anchor="end"')),
    ...xs.map((each) => text(atX(each), bottom + 18, String(each), 'text-anchor="middle"')),
    `<path d="M${frame.left} ${frame.top}V${bottom}H${width - frame.right}" fill="none" stroke="black"/>`,
    text(frame.left + across / 2, height - 16, x, 'text-anchor="middle"'),
    text(
      0,
      0,
      y,
      `text-anchor="middle" transform="translate(18 ${frame.top + upward / 2}) rotate(-90)"`,
    ),
    ...lines,
    ...legend,
    '</svg>\n',
  ].join('\n');
}
