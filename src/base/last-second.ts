/** The last second of the year 9999, in seconds since 1970: no format of evidence has later times. */
export const lastSecond = 253_402_300_799;
