//! Conditionals: the two branches become of one type.

use super::Scope;
use crate::hcl::convert::{convert, to_common};
use crate::hcl::failure::{Evaluated, Failure};
use crate::hcl::syntax::Expression;
use crate::hcl::types::{ObjectType, Type};
use crate::hcl::unify::{opened, unify};
use crate::hcl::value::{Data, Marks, Value};

impl Scope<'_> {
    pub(super) fn conditional(&self, parts: &[Expression; 3]) -> Evaluated {
        let [condition, yes, no] = parts;
        let (yes, no) = (self.value(yes), self.value(no));
        // What is not declared is refused, whichever branch is taken.
        for branch in [&yes, &no] {
            if let Err(failure) = branch
                && failure.everywhere
            {
                return Err(failure.clone());
            }
        }
        // Their types are as large as they are.
        const MOST: usize = 1 << 19;
        for branch in [&yes, &no].into_iter().flatten() {
            self.tree.gone_through(branch);
            if branch.weight(MOST) >= MOST {
                let marks = [&yes, &no].into_iter().flatten().fold(Marks::NONE, |marks, value| marks.with(value.marks));
                let why = "a conditional between larger values than are followed";
                return Ok(branch.unknown_because(Type::Any, why).with_marks(marks));
            }
        }
        let ty = |branch: &Evaluated| match branch {
            Ok(value) => value.ty(),
            Err(failure) => failure.ty.clone(),
        };
        let vague = |branch: &Evaluated| branch.as_ref().is_err_and(|failure| !failure.exact);
        let vague = vague(&yes) || vague(&no);
        let in_parts = |branch: &Evaluated| branch.as_ref().is_err_and(|failure| !failure.ty.is_primitive());
        let (yes_type, no_type) = (ty(&yes), ty(&no));
        let same = yes_type == no_type;
        let has_any = |branch: &Evaluated, ty: &Type| ty.has_any() && !(branch.is_err() && *ty == Type::Any);
        let had_any = yes_type.has_any() || no_type.has_any();
        let may_be_any = has_any(&yes, &yes_type) || has_any(&no, &no_type);
        // What an error leaves open is open for Terraform too; an unknown value may have a type that it knows.
        let open = |branch: &Evaluated, ty: &Type| *ty == Type::Any && branch.is_err();
        let types = [yes_type.clone(), no_type.clone()];
        let common = if yes_type == Type::Null {
            no_type
        } else if no_type == Type::Null {
            yes_type
        } else if open(&yes, &yes_type) || open(&no, &no_type) {
            Type::Null
        } else {
            match unify(&[yes_type, no_type]) {
                Some(common) => common,
                // A branch that fails may be of another type than is known here, or hold parts of any.
                None if vague || in_parts(&yes) || in_parts(&no) => Type::Any,
                None => return Err(Failure::new("the two results have no type in common").of_type(Type::Any)),
            }
        };
        let of_one = is_of_one(&common, &types);
        let placeholder = || if common == Type::Null { Type::Any } else { common.clone() };
        let marks_of = |branch: &Evaluated| branch.as_ref().map_or(Marks::NONE, |value| value.marks);
        let marks = marks_of(&yes).with(marks_of(&no));
        let of_common = |failure: Box<Failure>| match vague || may_be_any {
            true => failure.of_some_type(),
            false => failure.of_type(placeholder()),
        };
        let condition = self.value(condition).map_err(of_common)?;
        if condition.is_null() {
            return Err(of_common(Failure::new("the condition is null")));
        }
        let marks = marks.with(condition.marks);
        let condition = convert(condition.unmarked(), &Type::Bool).map_err(of_common)?;
        let Some(holds) = condition.as_bool() else {
            let both_null = matches!((&yes, &no), (Ok(a), Ok(b)) if a.is_null() && b.is_null());
            if both_null {
                return Ok(Value::from(Data::Null(common)).with_marks(marks));
            }
            let never_null = matches!((&yes, &no), (Ok(a), Ok(b)) if is_not_null(a) && is_not_null(b));
            let unknown = condition.unknown_as(placeholder()).with_marks(marks);
            return Ok(if never_null { unknown.not_null() } else { unknown });
        };
        // Beside what is open, what is chosen keeps its own type.
        let of_chosen = |failure: Box<Failure>| if common == Type::Null { failure } else { of_common(failure) };
        let chosen = if holds { yes } else { no }.map_err(of_chosen)?;
        // An empty collection of anything stays that beside what it could have the type of, which keeps its own elements.
        let stays = |ty: &Type| ty.element() == Some(&Type::Null) && opened(ty) == common;
        if !vague && !had_any && types.iter().any(stays) && (stays(&chosen.ty()) || is_even(&chosen.ty())) {
            let chosen_marks = chosen.marks.with(marks);
            return Ok(convert(chosen, &common)?.with_marks(chosen_marks));
        }
        if vague || (common.has_any() && !had_any && !of_one) {
            let why = "its type depends on that of the branch that is not taken, which is not known";
            let unknown = match is_not_null(&chosen) {
                true => chosen.unknown_because(Type::Any, why),
                false => Value { marks: chosen.marks, origin: chosen.origin.clone(), ..Value::unknown(Type::Any, why) },
            };
            return Ok(unknown.with_marks(marks));
        }
        let chosen_marks = chosen.marks.with(marks);
        let value = match () {
            () if common == Type::Null => chosen,
            () if same && !common.has_any() => chosen,
            () if of_one => convert(chosen, &common)?,
            () => to_common(chosen, &common)?,
        };
        if common.has_any() && !same && !of_one && value.has_open_collection() {
            let unknown = value.unknown_because(common, "the type of its elements depends on one that is not known");
            return Ok(unknown.with_marks(chosen_marks));
        }
        Ok(value.with_marks(chosen_marks))
    }
}

/// Whether all parts of a common type that may be of anything are elements of sets that one of the two types has like that,
/// or stand for a null and something else: there, what is chosen keeps what it is.
fn is_of_one(common: &Type, types: &[Type; 2]) -> bool {
    if !common.has_any() {
        return true;
    }
    match (common, types) {
        (Type::Any, [Type::Null, other] | [other, Type::Null]) => *other != Type::Null && !other.has_any(),
        (Type::Set(_), types) => types.iter().any(|ty| !ty.has_any() && opened(ty) == *common),
        (Type::Tuple(items), [Type::Tuple(a), Type::Tuple(b)]) => {
            let pairs = a.iter().zip(b.iter()).map(|(a, b)| [a.clone(), b.clone()]);
            items.iter().zip(pairs).all(|(common, types)| is_of_one(common, &types))
        }
        (Type::Object(object), [Type::Object(a), Type::Object(b)]) => {
            let of = |ty: &ObjectType, name: &str| ty.attributes.get(name).cloned().unwrap_or(Type::Any);
            object.attributes.iter().all(|(name, common)| is_of_one(common, &[of(a, name), of(b, name)]))
        }
        _ => false,
    }
}

/// Whether all parts of a structure are of one type.
fn is_even(ty: &Type) -> bool {
    let even = |mut parts: &mut dyn Iterator<Item = &Type>| {
        let first = parts.next();
        (&mut parts).all(|part| Some(part) == first)
    };
    match ty {
        Type::Tuple(items) => even(&mut items.iter()),
        Type::Object(object) => even(&mut object.attributes.values()),
        _ => false,
    }
}

fn is_not_null(value: &Value) -> bool {
    match &value.data {
        Data::Unknown(unknown) => unknown.not_null,
        Data::Null(_) => false,
        _ => true,
    }
}
