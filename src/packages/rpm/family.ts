/** Name of the family, and type of its package URLs. */
export const family = 'rpm';
