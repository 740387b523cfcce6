// Shows the orders, newest first, and follows their changes by server-sent events.
const MOST_ROWS = 50;
const rows = new Map();
const table = document.getElementById("orders");
const state = document.getElementById("state");
const problem = document.getElementById("problem");

function cell(row, text, kind) {
  const cell = row.insertCell();
  cell.textContent = text;
  cell.className = kind ?? "";
}

function newRow(id) {
  const after = [...rows.keys()].filter((other) => other < id).sort((a, b) => b - a)[0];
  const row = document.createElement("tr");
  table.insertBefore(row, after === undefined ? null : rows.get(after));
  rows.set(id, row);
  return row;
}

function show(order) {
  const row = rows.get(order.id) ?? newRow(order.id);
  if (row.dataset.status === "CONFIRMED") {
    return; // a status only moves forward
  }
  row.dataset.status = order.status;
  row.replaceChildren();
  cell(row, order.id);
  cell(row, order.customer);
  cell(row, order.product);
  cell(row, order.quantity, "number");
  cell(row, order.total.toFixed(2), "number");
  cell(row, order.status.toLowerCase(), order.status.toLowerCase());
  while (table.rows.length > MOST_ROWS) {
    rows.delete(Number(table.rows[table.rows.length - 1].cells[0].textContent));
    table.deleteRow(-1);
  }
  document.getElementById("none").hidden = true;
}

async function readLatest() {
  const answer = await fetch(`/orders?latest=true&limit=${MOST_ROWS}`);
  if (!answer.ok) {
    throw new Error(`orders cannot be read now (${answer.status})`);
  }
  (await answer.json()).orders.forEach(show);
}

function tell(text, kind) {
  state.textContent = text;
  state.dataset.state = kind;
}

function failed(error) {
  problem.textContent = error.message;
}

const changes = new EventSource("/orders/changes");
changes.onopen = () => {
  tell("live", "live");
  readLatest().catch(failed);
};
changes.onerror = () => tell("connection lost, trying again", "lost");
for (const topic of ["order.placed", "order.changed"]) {
  changes.addEventListener(topic, (event) => show(JSON.parse(event.data)));
}
changes.addEventListener("orders.reload", () => readLatest().catch(failed));

// It is needed if the service requires roles, and is kept by this page alone for as long as it is open.
const token = document.getElementById("token");

function headers() {
  const sent = { "Content-Type": "application/json" };
  if (token.value.trim() !== "") {
    sent.Authorization = `Bearer ${token.value.trim()}`;
  }
  return sent;
}

document.getElementById("place").addEventListener("submit", async (event) => {
  event.preventDefault();
  problem.textContent = "";
  const order = Object.fromEntries(new FormData(event.target));
  order.quantity = Number(order.quantity);
  order.unitPrice = Number(order.unitPrice);
  try {
    const answer = await fetch("/orders", {
      method: "POST",
      headers: headers(),
      body: JSON.stringify(order),
    });
    if (answer.status === 401 || answer.status === 403) {
      document.getElementById("ask").hidden = false;
    }
    if (!answer.ok) {
      problem.textContent = (await answer.json()).detail;
    }
  } catch (error) {
    failed(error);
  }
});
