// Reads one .ics from standard input with node-ical (Homebridge, MagicMirror and others)
// and prints its events and to-dos as a JSON list.
import { readFileSync } from "node:fs";
import nodeIcal from "node-ical";

// A date without time becomes midnight of the machine's own zone.
const day = (instant) =>
  instant
    ? [instant.getFullYear(), instant.getMonth() + 1, instant.getDate()]
        .map((number, i) => String(number).padStart(i === 0 ? 4 : 2, "0"))
        .join("-")
    : null;

const item = (component) => ({
  kind: component.type,
  uid: component.uid ?? null,
  summary: component.summary ?? null,
  description: component.description ?? null,
  location: component.location ?? null,
  categories: component.categories ?? [],
  start: day(component.start),
  end: component.type === "VEVENT" ? day(component.end) : null,
  status: component.status ?? null,
});

const items = Object.values(nodeIcal.sync.parseICS(readFileSync(0, "utf8")))
  .filter((component) => ["VEVENT", "VTODO"].includes(component.type))
  .map(item);
process.stdout.write(JSON.stringify(items));
