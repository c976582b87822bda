/** The rank that a URL names; null when it names none. */
export const parseRank = (text: string): number | null => (/^\d{1,9}$/.test(text) ? Number(text) : null);
