/** Tells whether SPDX's grammar and its lists of licences and exceptions know it; LicenseRefs are valid. */
export async function isExpression(text: string): Promise<boolean> {
  // Version 2.3 knows its operators in capitals only; the library is of a later one.
  if (/ (?:and|or|with) /.test(text)) return false;
  // CommonJS: its one function is the default export.
  const { default: parse } = await import('spdx-expression-parse');
  try {
    parse(text);
    return true;
  } catch {
    return false;
  }
}
