/** `text` without `lead` and what sets it apart at its beginning: for messages that stand beside what they name. */
export function withoutLead(text: string, lead: string): string {
  if (!text.toLowerCase().startsWith(lead.toLowerCase())) return text;
  const rest = text.slice(lead.length);
  // Only the whole of a word or address is a lead: `stopped` is none of `stoppedness`.
  return /^[\s:,;]/.test(rest) ? rest.replace(/^[\s:,;]+/, '') : rest === '' ? '' : text;
}
