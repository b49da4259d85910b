/**
 * Hands the reader a file that was made of an answer: it lands where his browser puts downloads.
 */

/** Saves text or bytes under a name. */
export function saveFile(name: string, type: string, content: string | Uint8Array<ArrayBuffer>): void {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has to have begun before it goes.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
