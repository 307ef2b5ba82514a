"""Programs that give each pass of the catalogue something to do: in TorchScript, and as texts of graphs.

Texts are there for what no program is compiled to: shapes, implicit expansions, what autograd makes.
"""

from __future__ import annotations

from typing import Any

import torch

from tests.passes.programs import compiled

SCRIPTS = """
def in_place(x):
    y = x.clone()
    y.add_(1)
    z = y * 2
    y.sub_(z)
    y.mul_(3)
    y.div_(2)
    return y + z

def filled(x):
    y = x.clone()
    y.zero_()
    z = y + 1
    z.fill_(2)
    return y, z

def in_place_in_branch(x, y: int):
    if y > 2:
        z = x.clone()
        z.add_(y)
        x = z.relu()
    return x

def written_in_branch_and_read_behind(x, y: int):
    z = x.clone()
    if y > 2:
        z.add_(1)
    return z

def filled_where_masked(x, m):
    y = x.clone()
    y.masked_fill_(m, 1)
    return y + 1

def body_of_33_with_blocks(x, n: int):
    for i in range(n):
        if i > 1:
            x = x + 1 + 2 + 3 + 4 + 5 + 6 + 7 + 8 + 9 + 10 + 11 + 12 + 13 + 14
        else:
            x = x * 1 * 2 * 3 * 4 * 5 * 6 * 7 * 8 * 9 * 10 * 11 * 12
    for i in range(n):
        if i > 1:
            x = x + 1 + 2 + 3 + 4 + 5 + 6 + 7 + 8 + 9 + 10 + 11 + 12 + 13 + 14
        else:
            x = x * 1 * 2 * 3 * 4 * 5 * 6 * 7 * 8 * 9 * 10 * 11 * 12 * 13 * 14
    return x

def sum_of_products(x, y, n: int):
    a = (x.mm(y) + x.mm(x)) + (y.mm(y) + y.mm(x))
    if n > 2:
        a = a.mm(x) + (a.mm(y) + (x.mm(a) + y.mm(a)))
    return a

def sum_of_transposed_products(x, y):
    return (x.mm(y).t() + x.mm(x)) + (y.mm(y) + y.mm(x).t())

def sums_read_elsewhere(x, y):
    a = x.mm(y)
    b = (a + x.mm(x)) + (y.mm(y) + y.mm(x))
    c = (x.mm(y) + x.mm(x)) + (y.mm(y) + y)
    return a, b, c

def sums_that_are_written(x, y):
    a = x.mm(y)
    b = (a + x.mm(x)) + (y.mm(y) + y.mm(x))
    b.add_(1)
    c = (x.mm(y) + x.mm(x)) + (y.mm(y) + y.mm(x))
    return b, c

def products_with_a_factor(x, y):
    a = x.mm(y)
    l = [x.mm(y + 1), x.mm(y + 2), x.mm(y + 3), x.mm(y + 4), x.mm(y + 5), x.mm(y + 6), x.mm(y + 7)]
    b = x.mm(a)
    return torch.stack([a] + l), b

def products_with_a_right_factor(x, y, n: int):
    z = x
    for i in range(n):
        w = z + 1
        for j in range(8):
            z = z + (y + j).mm(w)
        z = z + (y + 1).mm(w) + (y + 2).mm(w) + (y + 3).mm(w) + (y + 4).mm(w)
        z = z + (y + 5).mm(w) + (y + 6).mm(w) + (y + 7).mm(w) + (y + 8).mm(w)
    return z

def chunks_and_numbers(x, n: int):
    a, b = torch.chunk(x, 2, 0)
    c = torch.chunk(x, 2, 1)
    d, e, f = x.chunk(3)
    for i in range(n):
        a, b = torch.chunk(a * b, 2)
    return a * 2, b, c[0], d - e / f, torch.chunk(x, n)

def dequantized_for_several(x, n: int):
    d = torch.dequantize(x)
    a = d.relu() + d
    if n > 2:
        a = a + d
    return a

def functional_parts(x, y):
    a = x + 1
    b = a * 2
    c = b.neg()
    d = c.relu()
    e = d + b
    f = e * 3
    g = f.tanh()
    y.add_(g)
    h = g + 1
    i = h * 2
    j = i.neg()
    k = j.relu()
    l = k + i
    m = l * 3
    n = m.sigmoid()
    o = torch.zeros([2, 2])
    o.add_(n)
    return o.sum().item() + 1.5

def functional_parts_in_branches(x, n: int):
    s = 0.0
    if n > 2:
        x.add_(1)
        a = x.neg()
        b = a + 1
        c = b + 2
        d = c + 3
        e = d + 4
        f = e + 5
        g = f + 6
        s = float(g.sum().item())
    for i in range(n):
        print(i)
        h = x.relu()
        s += float((h + 1 + 2 + 3 + 4 + 5 + 6).sum().item())
    return s

def loop_that_gives_what_it_does_not_read(x, n: int, m: int):
    t = 0
    for j in range(n):
        t = m
    a = x + t
    return (a.neg().relu().tanh() + 1 + 2 + 3).sum().item() + 1.5

def too_few_functional_nodes(x, y):
    a = x + 1
    b = a * 2
    y.add_(b)
    return 1

def dropouts(x, y: int):
    a = torch.dropout(x, 0.5, False)
    if y > 2:
        b = torch.dropout(a, 0.5, False)
    else:
        b = torch.feature_dropout(a, 0.5, False)
    c = torch.dropout(b, 0.5, True)
    return torch.dropout_(c, 0.1, False)

def linear_layers(x, w, b):
    c = torch.addmm(b, x, w.t())
    d = torch.matmul(x, w.t())
    d += b
    e = torch.matmul(x, w.t())
    f = torch.matmul(x, w)
    g = torch.addmm(b, x, w.t(), beta=2)
    return c + d + e + f + g

def layers_in_a_row(x, w, b):
    for i in range(3):
        x = torch.addmm(b, torch.addmm(b, x, w.t()), w.t())
    return x

def transposed_twice(x, w, b):
    return torch.ops.aten.linear(x, w.t().t(), b)

def sums_and_activations(x, y):
    a = torch.relu(x + y)
    b = torch.relu_(a + y)
    c = x.clone()
    c.add_(y)
    c = torch.relu_(c)
    d = torch.relu(torch.add(x, y, alpha=2))
    e = x + y
    f = torch.relu(e)
    return a, b, c, d, e, f

def sums_in_a_row(x, y, n: int):
    for i in range(n):
        x = torch.relu(torch.relu(x + y) + y)
    return x

def counted_loops(x, n: int):
    for i in range(n):
        x = x + i
    for i in range(3):
        x = x * i
        for j in range(2):
            x = x + j
    for i in range(100):
        x = x - 1
    for i in range(0):
        x = x.neg()
    return x

def loops_that_carry(x, n: int):
    a, b = x, x.neg()
    s = 0
    for i in range(n):
        a, b = b, a + s
        s += i
    for i in range(4):
        print(i)
    return a, b, s

def loops_with_conditions(x, n: int):
    i = 0
    while i < n:
        i += 1
    for j in range(n):
        if j > 3:
            break
        x = x + j
    return x, i

def large_body(x, n: int):
    for i in range(n):
        x = x + 1 + 2 + 3 + 4 + 5 + 6 + 7 + 8 + 9 + 10 + 11 + 12 + 13 + 14 + 15 + 16 + 17
        x = x * 1 * 2 * 3 * 4 * 5 * 6 * 7 * 8 * 9 * 10 * 11 * 12 * 13 * 14 * 15 * 16 * 17
    for i in range(2):
        x = x + 1 + 2 + 3 + 4 + 5 + 6 + 7 + 8 + 9 + 10 + 11 + 12 + 13 + 14 + 15 + 16 + 17
        x = x * 1 * 2 * 3 * 4 * 5 * 6 * 7 * 8 * 9 * 10 * 11 * 12 * 13 * 14 * 15 * 16 * 17
    return x

def forks(x, n: int):
    f = torch.jit._fork(negated, x, n)
    if n > 2:
        g = torch.jit._fork(negated, x + 1, 2)
        y = torch.jit._wait(g) + torch.jit._wait(f)
    else:
        y = torch.jit._wait(f)
    return y

def negated(x, n: int):
    for i in range(n):
        x = x.neg()
    return x

def linear(input, weight, bias):
    return torch.addmm(bias, input, weight.t())

def calls_linear(x, w, b):
    return linear(linear(x, w, b), w, b) + negated(x, 2)

def numbers_of_any_kind(x, y):
    a = x.item()
    if bool(a == a):
        c = a
    else:
        c = y.item()
    return x * a, c

def complex_numbers(x, c: complex):
    return x * c

def fresh_and_written(x, y, n: int):
    a = x + 1
    a.add_(y)
    a.mul_(2)
    b = x.neg()
    c = b + 1
    b.sub_(1)
    if n > 2:
        d = x * 2
    else:
        d = x * 3
    d.add_(1)
    if n > 3:
        e = x
    else:
        e = x * 3
    e = e.relu()
    f = e.view(-1)
    f.add_(1)
    g = torch.zeros([2, 2])
    g.fill_(3)
    h = torch.ones([2, 2])
    h.zero_()
    g.add_(h)
    return a, b, c, d, e, f, g, h

def written_normally(x):
    y = x + 1
    y.normal_()
    return y

def written_under_another_name(x, y):
    a = x + y
    b = a.view(-1)
    a.add_(1)
    c = [x + y]
    c[0].add_(1)
    d = x.neg()
    e = [d]
    d.add_(1)
    return a, b, c, e

def lists_written(x, n: int):
    a = [x]
    a.append(x.neg())
    a.insert(0, x)
    a.insert(-1, x.relu())
    b = [1, 2]
    b[0] = 3
    b[-1] = n
    c = [1]
    d = c[0]
    c.append(n)
    e = [1, 2]
    if n > 2:
        e.append(n)
        f = [n]
        f.append(1)
        e.append(f[0])
    g = [1]
    print(g)
    g.append(2)
    h = [1]
    h.insert(n, 2)
    return a, b, c, d, e, g, h

def activations(x, y, n: int):
    a = torch.relu_(x + y)
    b = torch.nn.functional.hardtanh_(x + y)
    c = torch.sigmoid_(x + y)
    d = torch.relu_(x)
    e = torch.tanh(x + y)
    f = torch.relu(x * y)
    g = torch.relu(torch.relu(x * 2) + y)
    h = x + y
    i = torch.relu(h) + h
    if n > 2:
        j = torch.selu(torch.nn.functional.silu(x + 1))
    else:
        j = torch.selu(x)
    k = torch.relu(x.view(-1))
    return a, b, c, d, e, f, g, i, j, k

def compared(x, n: int, m: int):
    y = 0
    if n == 4:
        y = n + n
    if n != 3:
        y = y + 1
    else:
        y = y + n
    if n == 1:
        z = 1
    else:
        z = n
    if m != 2:
        raise RuntimeError("two")
    return x + y + z, m + 1, m

def compared_together(x, n: int, m: int):
    y = 0
    if n == 4 and m == 5:
        y = n + m
    elif not (n != 2 or m != 3):
        y = n * m
    b = (n == 7) == True
    if b:
        y = y + n
    c = (m == 8) != True
    if c:
        y = y - m
    else:
        y = y + m
    for i in range(n):
        if i == 3:
            y = y + i
    return x + y

def measured_lists(x: List[int], y: List[Tensor], n: int):
    s = 0
    if len(x) == 2:
        s = len(x) + len(y)
    if len(y) != 3:
        raise RuntimeError("three")
    if len(x) == 4 and len(y) == 3:
        s = s + len(x) * len(y)
    z = [n, 1]
    if len(z) == 2:
        z.append(3)
        s = s + len(z)
    return s + len(y), len(x)

def split_and_scaled(x, n: int):
    half = torch.tensor(0.5)
    a, b = torch.chunk(x * half + torch.tensor(2), 2, 0)
    parts = torch.chunk(x, 2, 1)
    c = parts[0] - torch.tensor(1)
    d = torch.chunk(x, n)[0] / torch.tensor(4)
    e = torch.chunk(x, 2, 0)
    if n > 2:
        f, g = torch.chunk(c, 2)
        c = f.sub_(torch.tensor(3.0)) * g
    return a, b, c, d, parts[1], len(e), e[0], x + torch.tensor([1.0, 2.0])

def raises(x, n: int):
    if n > 3:
        if n > 4:
            raise RuntimeError("a")
        z = x + n
    else:
        z = x
    c = n > 7
    for i in range(n):
        if c:
            z = z + 1
        else:
            if n > 2:
                raise RuntimeError("b")
    d = n > 9
    if d:
        assert c, "c"
    assert n > 1
    return z, c, d

def joined(x, n: int):
    a = [x]
    a.append(x.neg())
    b = torch.cat(a)
    c = torch.cat([b, x], 1) if n > 5 else torch.cat([b, b + n], 1)
    d = torch.stack([x, x.relu()], n)
    e = [x, x]
    f = torch.cat(e)
    g = torch.stack(e)
    h = [x, b]
    if n > 2:
        k = torch.cat(h)
        h.append(c)
    else:
        k = torch.stack(e) + torch.cat(h)
    m = [x]
    o = torch.stack(m)
    m.append(x)
    p = torch.stack(m)
    return b, c, d, f, g, h, k, o, p

def joined_in_branches(x, n: int):
    a = [x]
    for i in range(n):
        a.append(x + i)
    b = [x, x]
    if n > 1:
        b.append(x)
    c = torch.cat([torch.cat([x]), torch.stack([x, x])[0]])
    return torch.cat(a), torch.stack(b), c

def lists_built(x, n: int):
    l = [x, x.neg()] + [x.relu()]
    a, b, c = l
    return len(l), l[1], l[0:2], a + b + c, [1, 2][n]

def variances(x, n: int):
    y = torch.var(x)
    for i in range(n):
        y = y + torch.var(x, i > 1)
    return y, torch.var(x, False)

def numbers(x, n: int, f: float, b: bool):
    m = n + 2
    g = f * 0.5
    if b or m > 3:
        g = float(n)
    return x + m, int(x.sum()), g, x * True
"""

_MATRIX = "Float(3, 4, strides=[4, 1], requires_grad=0, device=cpu)"
_TWICE = "Float(6, 4, strides=[4, 1], requires_grad=0, device=cpu)"
_PART = "Float(3, 2, strides=[4, 1], requires_grad=0, device=cpu)"
_HALF = "Float(3, 2, strides=[2, 1], requires_grad=0, device=cpu)"
_NUMBERS = "Long(3, 4, strides=[4, 1], requires_grad=0, device=cpu)"
_ONE_MORE = "Float(1, 3, 4, strides=[12, 4, 1], requires_grad=0, device=cpu)"

TEXTS = {
    "gradients of zero": """graph(%g : Tensor, %h : Tensor, %s : int[]?):
  %n : NoneType = prim::Constant()
  %1 : Tensor = prim::profile[profiled_type=Float(2), seen_none=0](%g)
  %2 : Tensor = prim::profile[profiled_type=Float(2), seen_none=0](%h)
  %z : Tensor = prim::AutogradZero()
  %c : bool = prim::AutogradAnyNonZero(%1, %2)
  %6 : Tensor, %9 : Tensor = prim::If(%c)
    block0():
      %7 : Tensor = aten::_grad_sum_to_size(%1, %n)
      %b : Tensor = aten::_grad_sum_to_size(%7, %s)
      -> (%b, %7)
    block1():
      %8 : Tensor = prim::AutogradZero()
      -> (%8, %8)
  %d : bool = prim::AutogradAnyNonZero(%z)
  %16 : Tensor = prim::If(%d)
    block0():
      %17 : Tensor = aten::neg(%z)
      -> (%17)
    block1():
      -> (%z)
  %e : bool = prim::AutogradAnyNonZero(%z, %6)
  %26 : Tensor = prim::If(%e)
    block0():
      %27 : Tensor = aten::neg(%6)
      %28 : Tensor = aten::_grad_sum_to_size(%27, %n)
      -> (%28)
    block1():
      -> (%z)
  %s1 : Tensor = prim::AutogradAdd(%16, %26)
  %s2 : Tensor = prim::AutogradAdd(%s1, %9)
  %s3 : Tensor = aten::neg(%s2)
  %s4 : Tensor = prim::AutogradAdd(%s3, %9)
  return (%s4, %9)
""",
    "gradients that are added": """graph(%g : Tensor, %h : Tensor, %s : int[]?):
  %1 : Tensor = prim::profile[profiled_type=Float(2), seen_none=0](%g)
  %2 : Tensor = prim::AutogradZero()
  %3 : Tensor = prim::AutogradAdd(%1, %2)
  %4 : Tensor = prim::AutogradAdd(%3, %h)
  %5 : Tensor = prim::AutogradAdd(%2, %4)
  return (%5)
""",
    "dtypes": """graph(%x : Float(2, 3), %y : Double(2, 3), %i : Long(3), %u : Tensor):
  %n : int = prim::Constant[value=1]()
  %h : float = prim::Constant[value=0.5]()
  %1 : Tensor = aten::add(%x, %y, %n)
  %2 : Tensor = aten::mul(%i, %h)
  %3 : Tensor = aten::relu(%u)
  %4 : Tensor = aten::add_(%x, %y, %n)
  return (%1, %2, %3, %4)
""",
    "sums of quantized tensors": """graph(%a : Tensor, %b : Tensor, %s : float, %z : int):
  %1 : Tensor = quantized::add(%a, %b, %s, %z)
  %2 : Tensor = aten::relu(%1)
  %3 : Tensor = quantized::add(%2, %b, %s, %z)
  %4 : Tensor = aten::relu(%3)
  return (%3, %4)
""",
    "quantized_and_back": """graph(%a : Tensor, %b : Tensor, %s : float, %z : int, %t : int, %n : int[],
      %p : __torch__.torch.classes.quantized.LinearPackedParamsBase, %e : bool):
  %1 : Tensor = aten::dequantize(%a)
  %2 : Tensor = aten::dequantize(%b)
  %3 : Tensor = aten::mul(%1, %2)
  %4 : Tensor = aten::relu(%3)
  %5 : Tensor = aten::quantize_per_tensor(%4, %s, %z, %t)
  %6 : Tensor = aten::dequantize(%5)
  %7 : Tensor, %8 : Tensor? = quantized::linear_unpack(%p)
  %9 : Tensor = aten::dequantize(%7)
  %10 : Tensor = aten::linear(%6, %9, %8)
  %11 : Tensor = aten::quantize_per_tensor(%10, %s, %z, %t)
  %12 : Tensor = prim::If(%e)
    block0():
      %13 : Tensor = aten::dequantize(%11)
      %14 : Tensor = aten::adaptive_avg_pool1d(%13, %n)
      %15 : float = aten::q_scale(%11)
      %16 : int = aten::q_zero_point(%11)
      %17 : int = prim::dtype(%11)
      %18 : Tensor = aten::quantize_per_tensor(%14, %15, %16, %17)
      -> (%18)
    block1():
      %19 : Tensor = aten::dequantize(%11)
      %20 : Tensor = aten::hardswish_(%19)
      -> (%20)
  return (%12)
""",
    "shaped": """graph(%x : Float(2, 3, strides=[3, 1]), %l : Float(2)[]):
  %0 : int = prim::Constant[value=0]()
  %1 : Float(3, 2, strides=[1, 3]) = aten::t(%x)
  %t : (Float(2, 3), int) = prim::TupleConstruct(%x, %0)
  %2 : bool = prim::Constant[value=1]()
  %3 : Double(*, *) = prim::If(%2)
    block0():
      %4 : Double(2, 3) = aten::neg(%x)
      -> (%4)
    block1():
      -> (%1)
  return (%1, %3, %t)
""",
    "untyped_tuples": """graph(%x : Float(2, 3), %n : int):
  %1 : (Tensor, int) = prim::TupleConstruct(%x, %n)
  %2 : ((Tensor, int), Tensor) = prim::TupleConstruct(%1, %x)
  return (%2)
""",
    "expanded": """graph(%x : Tensor, %y : Tensor, %c : bool):
  %0 : int = prim::Constant[value=2]()
  %t : bool = prim::Constant[value=1]()
  %f : bool = prim::Constant[value=0]()
  %s : int[] = prim::ListConstruct(%0, %0)
  %1 : Tensor = aten::expand(%x, %s, %t)
  %2 : Tensor = aten::expand(%y, %s, %f)
  %3 : Tensor = prim::If(%c)
    block0():
      %4 : Tensor = aten::expand(%1, %s, %t)
      -> (%4)
    block1():
      -> (%2)
  %5 : Tensor = aten::mul(%1, %3)
  return (%5)
""",
    "odd_numbers": """graph(%x : Tensor, %y : Tensor):
  %9 : Tensor = aten::neg(%x)
  %30 : int = prim::Constant[value=1]()
  %named : Tensor = aten::add(%9, %y, %30)
  %c : bool = prim::Constant[value=0]()
  %40 : Tensor = prim::If(%c)
    block0():
      %22 : Tensor = aten::relu(%named)
      -> (%22)
    block1():
      -> (%x)
  return (%40)
""",
    "products_and_sums": """graph(%x : Float(2, 2), %y : Float(2, 2), %z : Float(2), %s : Double(),
      %u : Tensor):
  %1 : int = prim::Constant[value=1]()
  %2 : int = prim::Constant[value=2]()
  %m : Tensor = aten::mm(%x, %y)
  %a : Float(2, 2) = aten::add(%m, %z, %1)
  %b : Float(2, 2) = aten::add(%z, %m, %1)
  %c : Float(2, 2) = aten::add(%m, %s, %1)
  %d : Float(2, 2) = aten::add(%m, %z, %2)
  %e : Tensor = aten::add(%m, %u, %1)
  %n : Float(2, 2) = aten::mm(%u, %u)
  %f : Tensor = aten::add(%n, %z, %1)
  %o : Float(2, 2) = aten::mm(%u, %x)
  %g : Tensor = aten::add(%o, %o, %1)
  return (%a, %b, %c, %d, %e, %f, %g)
""",
    "known_dtypes": """graph(%x : Float(2, 3), %y : Float(2, 3)):
  %1 : int = prim::Constant[value=1]()
  %2 : Float(2, 3) = aten::add(%x, %y, %1)
  %3 : Float(2, 3) = aten::sigmoid(%2)
  %4 : Float(2, 3) = aten::add(%3, %y, %1)
  %5 : Tensor = aten::tanh(%4)
  return (%5)
""",
    "fusible": f"""graph(%x : {_MATRIX}, %y : {_MATRIX}, %k : bool):
  %0 : int = prim::Constant[value=0]()
  %1 : int = prim::Constant[value=1]()
  %a : {_MATRIX} = aten::add(%x, %y, %1)
  %b : {_MATRIX} = aten::mul(%a, %x)
  %l : Tensor[] = prim::ListConstruct(%a, %b)
  %c : {_TWICE} = aten::cat(%l, %0)
  %t : {_TWICE} = aten::tanh(%c)
  %s : int[] = aten::size(%a)
  %n : int = aten::size(%c, %0)
  %q : {_MATRIX} = prim::If(%k)
    block0():
      %d : {_MATRIX} = aten::neg(%b)
      %e : {_MATRIX} = aten::relu(%d)
      -> (%e)
    block1():
      %f : {_MATRIX} = aten::sub(%b, %a, %1)
      %g : {_MATRIX} = aten::relu_(%f)
      -> (%g)
  %h : {_MATRIX} = aten::relu(%q)
  %i : {_MATRIX} = aten::tanh(%x)
  %j : {_MATRIX} = aten::tanh(%i)
  %z : {_MATRIX} = aten::neg(%h)
  return (%t, %s, %n, %z, %j)
""",
    "fusible_chunks": f"""graph(%x : {_MATRIX}, %u : {_NUMBERS}):
  %1 : int = prim::Constant[value=1]()
  %2 : {_PART}, %3 : {_PART} = prim::ConstantChunk[chunks=2, dim=1](%x)
  %4 : {_HALF} = aten::sigmoid(%2)
  %5 : {_HALF} = aten::tanh(%3)
  %6 : {_HALF} = aten::mul(%4, %5)
  %7 : int[] = aten::size(%5)
  %8 : {_ONE_MORE} = aten::unsqueeze(%x, %1)
  %9 : {_ONE_MORE} = aten::relu(%8)
  %10 : {_NUMBERS} = aten::__lshift__(%u, %1)
  %11 : {_NUMBERS} = aten::remainder(%10, %u)
  %12 : {_NUMBERS} = aten::abs(%10)
  return (%6, %7, %9, %11, %12)
""",
    "no_such_form": """graph(%x : Tensor, %n : int):
  %1 : Tensor = aten::neg(%x)
  %2 : Tensor = aten::glu(%1, %n)
  return (%2)
""",
    "other_names": """graph(%x : Tensor, %y : Tensor, %b : bool, %n : int):
  %one : int = prim::Constant[value=1]()
  %1 : Tensor = aten::absolute(%x)
  %2 : Tensor = aten::rsub(%1, %y, %one)
  %3 : Tensor = aten::rsub(%2, %n, %one)
  %4 : bool = aten::__is__(%b, %b)
  %5 : bool = aten::__isnot__(%b, %4)
  %6 : bool = aten::__is__(%x, %y)
  %7 : Tensor = prim::If(%5)
    block0():
      %8 : Tensor = aten::multiply_(%3, %y)
      -> (%8)
    block1():
      %9 : Tensor = aten::special_expit(%3)
      %10 : Tensor = aten::arctan2(%9, %y)
      -> (%10)
  return (%7, %6)
""",
    "on_devices": """graph(%x : Float(2, 3, device=cpu), %y : Float(device=cuda:1), %b : bool, %n : int,
      %z : Tensor, %s : Long(device=cpu)):
  %d : Device = prim::Constant[value="meta"]()
  %none : NoneType = prim::Constant()
  %f : float = prim::Constant[value=0.5]()
  %t : bool = prim::Constant[value=1]()
  %1 : Tensor = aten::mul(%x, %x)
  %2 : Tensor = prim::If(%b)
    block0():
      -> (%1)
    block1():
      %3 : Tensor = aten::neg(%y)
      -> (%3)
  %4 : Tensor = aten::cpu(%y)
  %5 : Tensor = aten::cuda(%z)
  %6 : int[] = prim::ListConstruct(%n)
  %7 : Tensor = aten::zeros(%6, %none, %none, %d, %none)
  %8 : Tensor = prim::Loop(%n, %t, %1)
    block0(%i : int, %a : Tensor):
      %c : Tensor = aten::mul(%a, %y)
      -> (%t, %c)
  %9 : Tensor = prim::Loop(%n, %t, %1)
    block0(%j : int, %e : Tensor):
      %g : Tensor = aten::mul(%e, %s)
      -> (%t, %g)
  %10 : Tensor = aten::mul(%s, %y)
  %11 : Tensor = aten::mul(%y, %x)
  %12 : Tensor = aten::mul(%y, %s)
  %13 : Tensor = aten::type_as(%x, %y)
  %14 : Tensor = aten::view_as(%x, %y)
  %15 : Tensor, %16 : Tensor = aten::max(%x, %n, %b)
  %17 : int = aten::dim(%x)
  %18 : Tensor = aten::zeros(%6, %none, %none, %none, %none)
  %19 : Tensor[] = aten::chunk(%x, %n, %n)
  %20 : Tensor, %21 : Tensor = prim::ListUnpack(%19)
  %22 : Tensor = aten::neg(%20)
  return (%2, %4, %5, %7, %8, %9, %10, %11, %12, %13, %14, %15, %16, %18, %22)
""",
    "norms_on_devices": """graph(%x : Float(2, 3, 4, 4, device=cuda:0), %rm : Tensor, %rv : Tensor,
      %w : Tensor, %t : bool, %m : float, %b : Tensor?, %y : Float(2, 3, 4, 4, device=cpu), %z : Tensor):
  %no : bool = prim::Constant[value=0]()
  %four : int = prim::Constant[value=4]()
  %l : int[] = prim::ListConstruct(%four, %four)
  %none : NoneType = prim::Constant()
  %f : float = prim::Constant[value=0.1]()
  %1 : Tensor = aten::batch_norm(%x, %w, %none, %rm, %rv, %no, %m, %f, %no)
  %2 : Tensor = aten::batch_norm(%x, %w, %w, %rm, %rv, %t, %m, %f, %no)
  %3 : Tensor = aten::batch_norm(%x, %b, %w, %rm, %rv, %t, %m, %f, %no)
  %4 : Tensor = aten::batch_norm(%y, %w, %w, %rm, %rv, %t, %m, %f, %no)
  %5 : Tensor = aten::batch_norm(%z, %w, %w, %rm, %rv, %t, %m, %f, %no)
  %6 : Tensor = aten::layer_norm(%x, %l, %w, %none, %f, %no)
  %7 : Tensor = prim::If(%t)
    block0():
      %8 : Tensor = aten::layer_norm(%x, %l, %none, %w, %f, %no)
      -> (%8)
    block1():
      %9 : Tensor = aten::layer_norm(%y, %l, %w, %w, %f, %no)
      -> (%9)
  return (%1, %2, %3, %4, %5, %6, %7)
""",
    "norms_in_blocks": """graph(%x : Float(2, 3, device=cuda:0), %w : Tensor, %t : bool):
  %no : bool = prim::Constant[value=0]()
  %three : int = prim::Constant[value=3]()
  %one : float = prim::Constant[value=1.]()
  %l : int[] = prim::ListConstruct(%three)
  %f : float = prim::Constant[value=0.1]()
  %1 : Tensor = prim::If(%t)
    block0():
      %2 : Tensor = aten::layer_norm(%x, %l, %w, %w, %f, %no)
      -> (%2)
    block1():
      %3 : Tensor = aten::addmm(%w, %x, %w, %one, %one)
      -> (%3)
  return (%1)
""",
    "dequantized_weights": """graph(%x : Tensor, %w : Tensor, %b : Tensor?, %s : int[], %p : int[],
      %d : int[], %g : int, %o : int[], %c : bool):
  %1 : Tensor = aten::dequantize(%w)
  %2 : Tensor = aten::linear(%x, %1, %b)
  %3 : Tensor = aten::dequantize(%w)
  %4 : Tensor = aten::conv2d(%2, %3, %b, %s, %p, %d, %g)
  %5 : Tensor = aten::dequantize(%w)
  %6 : Tensor = aten::conv1d(%4, %5, %b, %s, %p, %d, %g)
  %7 : Tensor = aten::dequantize(%w)
  %8 : Tensor = aten::conv3d(%6, %7, %b, %s, %p, %d, %g)
  %9 : Tensor = aten::dequantize(%w)
  %10 : Tensor = aten::conv_transpose1d(%8, %9, %b, %s, %p, %o, %g, %d)
  %11 : Tensor = prim::If(%c)
    block0():
      %12 : Tensor = aten::dequantize(%w)
      %13 : Tensor = aten::conv_transpose2d(%10, %12, %b, %s, %p, %o, %g, %d)
      -> (%13)
    block1():
      %14 : Tensor = aten::dequantize(%w)
      %15 : Tensor = aten::conv_transpose3d(%10, %14, %b, %s, %p, %o, %g, %d)
      -> (%15)
  %16 : Tensor = aten::dequantize(%w)
  %17 : Tensor = aten::linear(%11, %16, %16)
  return (%17)
""",
    "sizes": """graph(%x : Float(*, 3, 8, *), %w : Float(4, 3, 3, 3), %v : Float(10, 16), %c : bool):
  %0 : int = prim::Constant[value=0]()
  %1 : int = prim::Constant[value=1]()
  %2 : int = prim::Constant[value=-1]()
  %3 : NoneType = prim::Constant()
  %4 : int[] = prim::ListConstruct(%1, %1)
  %5 : Tensor = aten::conv2d(%x, %w, %3, %4, %4, %4, %1)
  %6 : Tensor = aten::relu_(%5)
  %7 : int = aten::size(%x, %0)
  %8 : int[] = prim::ListConstruct(%7, %2, %1)
  %9 : Tensor = aten::view(%6, %8)
  %10 : Tensor = prim::If(%c)
    block0():
      %11 : Tensor = aten::mm(%v, %v)
      -> (%11)
    block1():
      %12 : Tensor = aten::t(%v)
      -> (%12)
  %13 : Tensor = aten::linear(%v, %10, %3)
  %14 : (Tensor, Tensor) = prim::TupleConstruct(%9, %13)
  return (%14)
""",
    "casts": """graph(%n : int, %f : float, %b : bool):
  %1 : Tensor = prim::NumToTensor(%n)
  %2 : int = aten::Int(%1)
  %3 : float = aten::Float(%1)
  %4 : bool = aten::Bool(%1)
  %5 : float = prim::Constant[value=0.5]()
  %6 : float = aten::mul(%3, %5)
  %7 : bool = prim::Constant[value=1]()
  %8 : int = prim::If(%4)
    block0():
      %9 : int = prim::Constant[value=3]()
      -> (%9)
    block1():
      -> (%2)
  return (%6, %7, %8)
""",
}


def cast(x, y):
    with torch.autocast("cpu"):
        z = x.mm(y).exp()
        return z + x.sum()


GRADIENTS = """
def activated(x, y):
    z = (x * y + x).relu()
    return z.tanh() * y

def multiplied(x, y):
    return (x.mm(y.t()) + 1).sigmoid()
"""


def gradients() -> dict[str, Any]:
    """The graphs of the gradients of programs."""
    found: dict[str, Any] = {}
    for function in compiled(GRADIENTS).get_functions():
        graph = function.graph.copy()
        given = tuple(torch.ones(2, 3, requires_grad=True) for _ in graph.inputs())
        torch._C._jit_pass_complete_shape_analysis(graph, given, True)
        found[f"gradient of {function.name}"] = torch._C._jit_differentiate(graph).df
    return found


def graphs() -> dict[str, Any]:
    """The torch graphs of all of them, inlined."""
    functions = compiled(SCRIPTS).get_functions()
    scripts = {function.name: function.inlined_graph for function in functions}
    # Not written as a text, since it is Python that knows what autocast is.
    scripts["cast"] = torch.jit.script(cast).inlined_graph
    scripts["calls_linear as written"] = compiled(SCRIPTS).calls_linear.graph
    functional = compiled(SCRIPTS).functional_parts.inlined_graph
    torch._C._jit_pass_create_functional_graphs(functional)
    scripts["functional_parts gathered"] = functional
    return scripts | gradients() | {name: torch._C.parse_ir(text) for name, text in TEXTS.items()}
