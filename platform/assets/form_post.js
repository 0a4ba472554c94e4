// The answer goes back by itself; without JavaScript there is a button.
document.getElementById("answer").submit();
