// Reads one .ics from standard input with ical.js (Thunderbird's parser), strictly,
// and prints its events and to-dos as a JSON list.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

ICAL.design.strict = true;
const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, "utf8")));

const text = (component, name) => component.getFirstPropertyValue(name)?.toString() ?? null;

const item = (component) => ({
  kind: component.name.toUpperCase(),
  uid: text(component, "uid"),
  summary: text(component, "summary"),
  description: text(component, "description"),
  location: text(component, "location"),
  categories: component.getFirstProperty("categories")?.getValues() ?? [],
  start: text(component, "dtstart"),
  end: text(component, "dtend"),
  status: text(component, "status"),
  alarms: component.getAllSubcomponents("valarm").map((alarm) => text(alarm, "description")),
  labels: component.getAllProperties("link").flatMap((link) => link.getParameter("label") ?? []),
  calendar: text(calendar, "name"),
});

const items = calendar
  .getAllSubcomponents()
  .filter((component) => ["vevent", "vtodo"].includes(component.name))
  .map(item);
process.stdout.write(JSON.stringify(items));
