// Puts a map that moves in the place of the drawn one: the same outlines, the same pins, in step with the list beside it.
// Without this script the drawing stays, and its arrows are links.

const TOUCHING = 34; // pixels: nearer pins become one, as in the drawing
const holder = document.querySelector("[data-map]");
const told = JSON.parse(document.getElementById("map-told").textContent);
const L = window.L;

if (holder && L) show();

function show() {
  const box = document.createElement("div");
  box.className = "al-map__live";
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", "Map of the numbered results. Arrow keys move it, plus and minus change its size. The list holds the same information.");
  holder.append(box);
  holder.classList.add("is-live");

  const [south, west, north, east] = told.view;
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(box, {
    zoomControl: false,
    attributionControl: false,
    zoomSnap: told.tiles.url ? 0.5 : 0.1,
    zoomDelta: 1,
    minZoom: 8,
    maxZoom: 18,
    scrollWheelZoom: !holder.classList.contains("al-map--small"),
    fadeAnimation: !calm,
    zoomAnimation: !calm,
    markerZoomAnimation: !calm,
    inertia: !calm,
  });
  map.fitBounds([[south, west], [north, east]], { animate: false });
  if (told.tiles.url) L.tileLayer(told.tiles.url, { maxZoom: 18 }).addTo(map);
  if (told.cross) mark(map);
  pinned(map);
  if (told.outlines) outlines(map);
  buttons(map);
  searchHere(map);
  new ResizeObserver(() => map.invalidateSize()).observe(box);
  holder.dataset.ready = "yes"; // for whoever waits for the map
}

// --- the ground -------------------------------------------------------------------------------------------------------

async function outlines(map) {
  const answer = await fetch(told.outlines);
  if (!answer.ok) return;
  const { features } = await answer.json();
  const chosen = new Set(told.chosen);
  const kinds = [
    ["beyond", (one) => one.layer === "council" && one.code !== told.city],
    ["ward", (one) => one.layer === "ward"],
    ["chosen", (one) => chosen.has(`${one.layer} ${one.code}`)],
    ["city", (one) => one.layer === "council" && one.code === told.city],
  ];
  map.createPane("ground").style.zIndex = 300;
  for (const [kind, fits] of kinds) {
    L.geoJSON(features.filter((one) => fits(one.properties)), {
      pane: "ground",
      interactive: false,
      style: { className: `al-map__${kind}` },
    }).addTo(map);
  }
  names(map, features.map((one) => one.properties).filter((one) => kinds[0][1](one) || kinds[1][1](one)));
}

// Names of areas: only those that have room, the roomiest first, none on top of another.
function names(map, areas) {
  const pane = map.createPane("names");
  pane.style.zIndex = 350;
  pane.setAttribute("aria-hidden", "true");
  const layer = L.layerGroup().addTo(map);
  const roomiest = areas.sort((a, b) => (a.layer === "ward") === (b.layer === "ward") ? b.room - a.room : a.layer === "ward" ? -1 : 1);
  const draw = () => {
    layer.clearLayers();
    const frame = map.getContainer().getBoundingClientRect();
    const taken = [...map.getContainer().querySelectorAll(".al-spot")].map((pin) => {
      const its = pin.getBoundingClientRect();
      return [its.left - frame.left, its.top - frame.top, its.right - frame.left, its.bottom - frame.top];
    });
    const metre = (256 * 2 ** map.getZoom()) / 40075017 / Math.cos((map.getCenter().lat * Math.PI) / 180);
    for (const area of roomiest) {
      const lines = inLines(area.name);
      const wide = Math.max(...lines.map((line) => line.length)) * 6.6;
      const tall = lines.length * 14;
      const room = area.room * metre;
      if (room * 2.4 < wide && room * 2 < tall * 2.2) continue;
      const middle = map.latLngToContainerPoint([area.middle[1], area.middle[0]]);
      for (const y of [middle.y, middle.y - tall / 2 - 20, middle.y + tall / 2 + 20]) {
        const mine = [middle.x - wide / 2, y - tall / 2, middle.x + wide / 2, y + tall / 2];
        const isThere = mine[0] > 2 && mine[1] > 2 && mine[2] < frame.width - 2 && mine[3] < frame.height - 2;
        if (!isThere || taken.some((one) => mine[0] < one[2] && one[0] < mine[2] && mine[1] < one[3] && one[1] < mine[3])) continue;
        taken.push(mine);
        const text = document.createElement("span");
        lines.forEach((line, row) => text.append(...(row ? [document.createElement("br"), line] : [line])));
        const icon = L.divIcon({ className: `al-map__word al-map__word--${area.layer === "ward" ? "ward" : "beyond"}`, html: text, iconSize: [wide + 4, tall], iconAnchor: [wide / 2 + 2, tall / 2] });
        L.marker(map.containerPointToLatLng([middle.x, y]), { icon, interactive: false, keyboard: false, pane: "names" }).addTo(layer);
        break;
      }
    }
  };
  map.on("moveend viewreset resize", draw);
  draw();
}

function inLines(name) {
  const words = name.split(" ");
  if (name.length <= 11 || words.length < 2) return [name];
  const halves = words.slice(1).map((_, cut) => [words.slice(0, cut + 1).join(" "), words.slice(cut + 1).join(" ")]);
  return halves.reduce((best, one) => (Math.max(one[0].length, one[1].length) < Math.max(best[0].length, best[1].length) ? one : best));
}

function mark(map) {
  map.createPane("mark").style.zIndex = 400;
  if (told.ring) L.circle(told.cross, { radius: told.ring, className: "al-map__ring", interactive: false, pane: "mark" }).addTo(map);
  const cross = L.divIcon({ className: "al-map__plus", iconSize: [18, 18] });
  L.marker(told.cross, { icon: cross, interactive: false, keyboard: false, pane: "mark" }).addTo(map);
}

// --- pins and the list --------------------------------------------------------------------------------------------------

function pinned(map) {
  const layer = L.layerGroup().addTo(map);
  let signs = []; // [element, numbers]
  const light = (numbers, on) => {
    for (const [sign, its] of signs) if (its.some((one) => numbers.includes(one))) sign.classList.toggle("is-on", on);
    for (const one of numbers) document.getElementById(`s${one}`)?.classList.toggle("is-on", on);
  };
  const draw = () => {
    const held = document.activeElement?.dataset?.numbers;
    layer.clearLayers();
    signs = [];
    for (const { at, pins } of groups(map)) {
      const numbers = numbersOf(pins);
      const sign = document.createElement("a");
      sign.href = `#s${numbers[0]}`;
      sign.className = numbers.length > 1 ? "al-spot al-spot--several" : "al-spot";
      sign.textContent = inShort(numbers);
      sign.dataset.numbers = numbers.join(" ");
      const around = L.latLngBounds(pins.map((pin) => pin.at));
      const comesApart = numbers.length > 1 && map.getZoom() < 17.5 && !around.getNorthEast().equals(around.getSouthWest(), 0.0005);
      const where = comesApart ? "close together. Come closer" : `at ${pins[0].place}`;
      sign.setAttribute("aria-label", numbers.length > 1 ? `${sign.textContent}: ${numbers.length} services ${where}` : pins[0].label);
      sign.addEventListener("click", (event) => {
        event.preventDefault();
        if (comesApart) {
          map.fitBounds(around.pad(0.3), { maxZoom: 18 });
          map.getContainer().focus({ preventScroll: true });
        } else {
          goTo(numbers[0]);
        }
      });
      for (const [kind, on] of [["mouseenter", true], ["focus", true], ["mouseleave", false], ["blur", false]]) {
        sign.addEventListener(kind, () => light(numbers, on));
      }
      signs.push([sign, numbers]);
      L.marker(at, { icon: L.divIcon({ className: "al-map__pin", html: sign, iconSize: [0, 0] }), keyboard: false, interactive: false }).addTo(layer);
      if (held && held === sign.dataset.numbers) sign.focus({ preventScroll: true });
    }
  };
  map.on("zoomend viewreset", draw);
  draw();
  for (const entry of document.querySelectorAll("[data-number]")) {
    const numbers = [Number(entry.dataset.number)];
    for (const [kind, on] of [["mouseenter", true], ["focusin", true], ["mouseleave", false], ["focusout", false]]) {
      entry.addEventListener(kind, () => light(numbers, on));
    }
  }
}

// The address changes too, so that the entry is marked and the way back leads to the map.
function goTo(number) {
  window.location.hash = `s${number}`;
  document.querySelector(`#s${number} h3 a`)?.focus({ preventScroll: true });
}

function groups(map) {
  const made = told.pins.map((pin) => ({ spot: map.project(pin.at), pins: [pin] }));
  for (let joined = true; joined; ) {
    joined = false;
    search: for (let first = 0; first < made.length; first += 1) {
      for (let second = first + 1; second < made.length; second += 1) {
        const [one, other] = [made[first], made[second]];
        if (Math.abs(one.spot.x - other.spot.x) < (widthOf(one.pins) + widthOf(other.pins)) / 2 && Math.abs(one.spot.y - other.spot.y) < TOUCHING) {
          const pins = [...one.pins, ...other.pins];
          const spot = one.spot.multiplyBy(one.pins.length).add(other.spot.multiplyBy(other.pins.length)).divideBy(pins.length);
          made[first] = { spot, pins };
          made.splice(second, 1);
          joined = true;
          break search;
        }
      }
    }
  }
  return made.map(({ spot, pins }) => ({ at: map.unproject(spot), pins }));
}

function numbersOf(pins) {
  return [...new Set(pins.map((pin) => pin.number))].sort((a, b) => a - b);
}

function widthOf(pins) {
  const numbers = numbersOf(pins);
  return numbers.length === 1 ? TOUCHING : 24 + inShort(numbers).length * 8.2;
}

function inShort(numbers) {
  const last = numbers[numbers.length - 1];
  if (numbers.length > 2 && last - numbers[0] === numbers.length - 1) return `${numbers[0]} to ${last}`;
  return numbers.length <= 3 ? numbers.join(", ") : `${numbers.length} services`;
}

// --- moving, and asking again -----------------------------------------------------------------------------------------

function buttons(map) {
  for (const link of document.querySelectorAll("[data-zoom], [data-way]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      if (link.dataset.zoom) map.setZoom(map.getZoom() + Number(link.dataset.zoom));
      else {
        const { x, y } = map.getSize();
        map.panBy({ north: [0, -y / 3], south: [0, y / 3], west: [-x / 3, 0], east: [x / 3, 0] }[link.dataset.way]);
      }
    });
    link.setAttribute("role", "button");
    link.addEventListener("keydown", (event) => {
      if (event.key !== " ") return;
      event.preventDefault();
      link.click();
    });
  }
}

// Appears once somebody has moved the map, or drawn a box on it while holding Shift: the part that is seen then is searched.
function searchHere(map) {
  const form = document.querySelector(".al-map__here");
  if (!form) return;
  const field = form.querySelector("[name=box]");
  document.querySelector(".al-map__hint").hidden = !window.matchMedia("(hover: hover)").matches;
  const write = () => {
    const seen = map.getBounds();
    field.value = [seen.getSouth(), seen.getWest(), seen.getNorth(), seen.getEast()].map((one) => one.toFixed(4)).join(",");
    if (form.hidden) document.querySelector(".al-map__said").textContent = "The map has moved. Search here looks for what is on it now.";
    form.hidden = false;
  };
  map.whenReady(() => map.on("moveend", (event) => { if (!event.hard) write(); }));
}
