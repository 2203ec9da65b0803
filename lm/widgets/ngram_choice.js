// Order n and smoothing k against the losses

export const describe = () => "";
export const still = (state) => stillPicture("", "Order n and smoothing k against the losses.");

export function render({ model, el }) {
  el.textContent = "Order n and smoothing k against the losses";
}

export default { render };
