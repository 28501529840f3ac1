const UNRELEASED = "Unreleased";

/**
 * The section of CHANGELOG.md on a version, without its heading. Undefined if it is missing or empty: a release without
 * notes would not describe what an update does to running pods.
 */
export function notesOf(changelog: string, version: string): string | undefined {
  return sectionOf(changelog, version);
}

/** The section on unreleased changes: the notes of a dry run. */
export function unreleasedNotes(changelog: string): string | undefined {
  return sectionOf(changelog, UNRELEASED);
}

function sectionOf(changelog: string, title: string): string | undefined {
  const sections = changelog.split(/^## /m).slice(1);
  const section = sections.find((text) => text.split("\n", 1)[0]?.trim() === title);
  const notes = section?.slice(section.indexOf("\n")).trim();
  return notes === "" ? undefined : notes;
}
