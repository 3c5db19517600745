const urls = import.meta.glob<string>("../../branding/*/**/*.svg", { query: "?url", import: "default", eager: true });

/**
 * The address of a picture that a brand names by its path.
 * @throws {RangeError} when there is no such picture
 */
export function pictureUrl(path: string): string {
  const url = urls[`../../${path}`];
  if (url === undefined) throw new RangeError(`no such picture: ${path}`);
  return url;
}
